/**
 * Hand-made contracts and an environment to run them in.
 *
 * @module
 */
import { runCall, type CallOutcome } from "#host/functions/call.ts";
import type { CallEnvironment } from "#host/functions/environment.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { admitCore, type AdmittedModule, type AdmitOptions } from "#host/vm/admit.ts";
import { worldImports, type WorldImportKey } from "#host/vm/world.ts";
import {
  assemble,
  constant,
  exported,
  store32,
  type Code,
  type FunctionPart,
  type ModuleParts,
} from "#test/support/wasm.ts";

/** Where the hand-made allocator always answers, and where results are written. */
export const HEAP = 1024;
export const RESULT = 16;

/** Index of the first function behind the five that every contract has, if nothing is imported. */
export const FIRST = 5;
/** The ways in which a client may have a contract called. */
export const MODES = ["init", "command", "query"] as const;

export interface ContractParts extends Omit<ModuleParts, "imports" | "functions"> {
  readonly imports?: readonly WorldImportKey[];
  /** Body of `command(method, length, args, length) -> result`; parameters are locals 0 to 3. */
  readonly command?: Code;
  readonly query?: Code;
  readonly init?: Code;
  readonly realloc?: Code;
  readonly locals?: FunctionPart["locals"];
  /** Functions behind the five that every contract has here: index `imports.length + 5` and up. */
  readonly functions?: readonly FunctionPart[];
  readonly initialize?: Code;
}

/** Assembles a core module with everything the world requires. */
export function contractCore(parts: ContractParts): Uint8Array {
  const entry = (label: string, code: Code | undefined): FunctionPart => ({
    params: "iiii",
    results: "i",
    locals: parts.locals ?? [],
    code: code ?? constant(RESULT),
    export: label,
  });
  const initialize = { code: parts.initialize ?? [], export: "_initialize" };
  return assemble({
    ...parts,
    imports: (parts.imports ?? []).map((key) => worldImports[key]),
    functions: [
      entry("command", parts.command),
      entry("query", parts.query),
      entry("init", parts.init),
      { ...entry("cabi_realloc", parts.realloc ?? constant(HEAP)), locals: [] },
      initialize,
      ...(parts.functions ?? []),
    ],
    exports: [exported("memory", 2, 0), ...(parts.exports ?? [])],
  });
}

export function admitContract(parts: ContractParts, options?: AdmitOptions): AdmittedModule {
  return admitCore(contractCore(parts), undefined, options);
}

/** An environment in which everything is fixed; override what a test is about. */
export function environment(overrides: Partial<CallEnvironment> = {}): CallEnvironment {
  return {
    mode: "command",
    caller: new Uint8Array(32).fill(0xca),
    self: new Uint8Array(32).fill(0x5e),
    nowSeconds: 1_700_000_000n,
    height: 7n,
    random: (length) => Uint8Array.from({ length }, (_, index) => index),
    primitives: nodePrimitives,
    contractSecret: () => new Uint8Array(32).fill(0x5e),
    state: new Overlay(new ContractState()),
    secret: (name) => (name === "key" ? "open sesame" : undefined),
    http: { kind: "replay", next: (requests) => requests.map(() => ({ error: "denied" })) },
    ...overrides,
  };
}

export const GAS = 10_000_000;

/** Calls `command`, or what the environment's mode says, with no arguments. */
export function run(
  admitted: AdmittedModule,
  overrides: Partial<CallEnvironment> = {},
  gasLimit: number = GAS,
): CallOutcome {
  const request = { method: "", args: new Uint8Array(0), gasLimit };
  return runCall(admitted, request, environment(overrides));
}

/** How an outcome ended, in one word: `returned`, `failed` or the fault's code. */
export function ending(outcome: CallOutcome): string {
  return outcome.end.kind === "fault" ? outcome.end.fault.code : outcome.end.kind;
}

/** Runs `code` as `command` with the given imports, then returns an empty result; says how that ended. */
export function attempt(
  imports: ContractParts["imports"],
  code: Code,
  parts: ContractParts = {},
): string {
  const command = [...code, ...constant(RESULT)];
  return ending(run(admitContract({ ...parts, imports: imports ?? [], command })));
}

/** Stores a 32-bit word at a fixed address. */
export function word(address: number, value: number): number[] {
  return [...constant(address), ...constant(value), ...store32];
}

/** Code that returns a region as the result. */
export function returning(pointer: number, length: number): number[] {
  return [...word(RESULT, pointer), ...word(RESULT + 4, length), ...constant(RESULT)];
}
