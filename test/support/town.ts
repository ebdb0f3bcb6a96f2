/**
 * Hand-made contracts that call each other. A contract's address is one byte, 32 times.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { Chain } from "#host/functions/chain.ts";
import { runCall, runCallAsync, type CallOutcome } from "#host/functions/call.ts";
import type { CallMode, Pace } from "#host/functions/environment.ts";
import type { HttpPower } from "#host/http/power.ts";
import { ContractState } from "#host/state/committed.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { admitContract, GAS, returning, word, type ContractParts } from "#test/support/contract.ts";
import { constant, signed, type Code } from "#test/support/wasm.ts";

const TARGET = 256;
const METHOD = 304;
/** Where the result of a call lies: 24 bytes. */
export const AREA = 400;
const AREA_BYTES = 24;

/** The one byte that a contract's address consists of. */
export type Name = number;

export const addressOf = (name: Name): Uint8Array => new Uint8Array(32).fill(name);

export interface Calling {
  /** 0 command, 1 query. */
  readonly kind?: number;
  /** At most one UTF-16 unit. */
  readonly method?: string;
  /** Bytes of arguments, taken from address 0. */
  readonly args?: number;
  readonly gas?: number;
  /** Index of the import `contracts.call`. */
  readonly at?: number;
}

/** Code that calls a contract. */
export function calling(target: Name, options: Calling = {}): number[] {
  const { kind = 0, method = "m", args = 0, gas, at = 0 } = options;
  return [
    ...[...constant(TARGET), ...constant(target), ...constant(32), 0xfc, 0x0b, 0x00],
    ...word(METHOD, method.codePointAt(0) ?? 0),
    ...[...constant(TARGET), ...constant(32), ...constant(kind)],
    ...[...constant(METHOD), ...constant(method.length), ...constant(0), ...constant(args)],
    ...[...constant(gas === undefined ? 0 : 1), 0x42, ...signed(gas ?? 0)],
    ...[...constant(AREA), 0x10, at],
  ];
}

/** A contract that makes one call and returns what became of it. */
export function relay(target: Name, options: Calling = {}): ContractParts {
  const code: Code = [...calling(target, options), ...returning(AREA, AREA_BYTES)];
  return { imports: ["contracts.call"], command: code, query: code, init: code };
}

/** How a call ended for the contract that made it, from the bytes of its result area. */
function answerOf(value: Uint8Array): string {
  const view = new DataView(value.buffer, value.byteOffset);
  if (view.getUint8(0) === 0) return `returned ${view.getUint32(8, true)} bytes`;
  if (view.getUint8(4) === 0) return `error of ${view.getUint32(20, true)} bytes`;
  return `fault ${view.getUint32(8, true)}`;
}

export interface Visit {
  readonly mode?: CallMode;
  readonly method?: string;
  readonly args?: Uint8Array;
  readonly gas?: number;
  readonly http?: (contract: Name) => HttpPower;
  /** Stacks for calls that may wait, besides the first one's. */
  readonly stacks?: { left: number };
  readonly height?: bigint;
  readonly pace?: Pace;
}

export class Town {
  readonly states = new Map<Name, ContractState>();
  readonly #modules = new Map<Name, AdmittedModule>();
  /** The same code, for calls that are suspended. */
  readonly #resumable = new Map<Name, AdmittedModule>();

  settle(name: Name, contract: ContractParts | AdmittedModule, reentrant?: string[]): this {
    const options = reentrant === undefined ? {} : { reentrant };
    const module = "codeBytes" in contract ? contract : admitContract(contract, options);
    (module.isResumable ? this.#resumable : this.#modules).set(name, module);
    if (!("codeBytes" in contract)) {
      this.#resumable.set(name, admitContract(contract, { ...options, isResumable: true }));
    }
    this.states.set(name, new ContractState());
    return this;
  }

  /** Calls a contract from outside; commits what was written if it returned. */
  run(name: Name, visit: Visit = {}): CallOutcome {
    const { chain, call } = this.#begin(name, visit, this.#modules);
    return this.#end(chain, runCall(call.module, call.request, call.environment));
  }

  async runAsync(name: Name, visit: Visit): Promise<CallOutcome> {
    const { chain, call } = this.#begin(name, visit, this.#resumable);
    return this.#end(chain, await runCallAsync(call.module, call.request, call.environment));
  }

  /** {@link run}, as the contract that was called tells it. */
  ask(name: Name, visit: Visit = {}): string {
    const { end } = this.run(name, visit);
    if (end.kind === "returned") return answerOf(end.value);
    return end.kind === "fault" ? end.fault.code : end.name;
  }

  /** What a contract's state holds under a one-byte key. */
  stored(name: Name, key: number): number | undefined {
    return this.states.get(name)?.get(Uint8Array.of(key))?.[0];
  }

  #begin(name: Name, visit: Visit, modules: ReadonlyMap<Name, AdmittedModule>) {
    const { mode = "command", method = "m", args = new Uint8Array(0), gas = GAS } = visit;
    const http = visit.http ?? ((): HttpPower => ({ kind: "replay", next: () => [] }));
    const chain = new Chain({
      nowSeconds: 1n,
      height: visit.height ?? 7n,
      ...(visit.pace && { pace: visit.pace }),
      primitives: nodePrimitives,
      takeStack: () => {
        const { stacks = { left: 8 } } = visit;
        if (stacks.left === 0) throw new Fault("BUSY");
        stacks.left--;
        return () => void stacks.left++;
      },
      find: (address) => {
        const [found = 0] = address;
        const module = modules.get(found);
        const state = this.states.get(found);
        if (module === undefined || state === undefined) throw new Fault("CONTRACT_UNKNOWN");
        let draws = 0;
        const random = (length: number): Uint8Array => new Uint8Array(length).fill(++draws);
        const secret = (): string => `secret of ${found}`;
        const contractSecret = (): Uint8Array => new Uint8Array(32).fill(found);
        return { module, state, random, contractSecret, secret, http: http(found) };
      },
    });
    const caller = new Uint8Array(32).fill(0xca);
    const module = modules.get(name);
    if (module === undefined) throw new Error("nobody of that name");
    const environment = chain.first({ mode, caller, address: addressOf(name) });
    return { chain, call: { module, environment, request: { method, args, gasLimit: gas } } };
  }

  #end(chain: Chain, outcome: CallOutcome): CallOutcome {
    if (outcome.end.kind !== "returned") return outcome;
    for (const [address, writes] of chain.layer.writes()) {
      this.states.get(Uint8Array.fromHex(address)[0] ?? 0)?.apply(writes);
    }
    return outcome;
  }
}
