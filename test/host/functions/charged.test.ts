/**
 * No way out without a charge: whatever a host function or a call comes to, its price was paid before.
 *
 * Driven by the table of host functions, so that a new row is tested without a line here. Each function is
 * called with arguments that reach as many of its ends as chance finds: success, refusal, fault. Whatever
 * it asks of the world around it is noted together with the gas that was left then.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { faults } from "#protocol/faults.ts";
import { runCall, type CallOutcome } from "#host/functions/call.ts";
import type { CallEnvironment, CallMode } from "#host/functions/environment.ts";
import { RESULT_GAS_PER_BYTE } from "#host/functions/prices.ts";
import { hostFunctionKeys, hostFunctions } from "#host/functions/table.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import type { WorldImportKey } from "#host/vm/world.ts";
import { admitContract, environment, HEAP, RESULT, word } from "#test/support/contract.ts";
import { call, constant, drop, loop, br, unreachable, type Code } from "#test/support/wasm.ts";

const MODES: readonly CallMode[] = ["init", "command", "query"];
const GAS = 1e9;
const request = { method: "", args: new Uint8Array(0) };

/** The gas of a call up to its entry point. */
function entryGas(admitted: AdmittedModule): number {
  return admitted.instanceGas;
}

function contract(key: WorldImportKey, values: readonly number[]): AdmittedModule {
  const { params, results } = hostFunctions[key];
  const args = [...params].flatMap((letter, at) =>
    letter === "I" ? [0x42, ...constant(values[at] ?? 0).slice(1)] : constant(values[at] ?? 0),
  );
  const code = [...args, ...call(0), ...(results === "" ? [] : [drop]), ...constant(RESULT)];
  return admitContract({ imports: [key], command: code, query: code, init: code });
}

/** Runs it with a world that may not be touched before the fixed price was paid. */
function run(
  key: WorldImportKey,
  values: readonly number[],
  mode: CallMode,
  gas: number,
): CallOutcome {
  return runCall(contract(key, values), { ...request, gasLimit: gas }, environment({ mode }));
}

/** Arguments that name good regions, bad ones, long ones and none. */
const argument = fc.oneof(
  fc.constantFrom(0, 1, 8, 32, 64, HEAP, 2_048, 4_096, 65_535, 65_536, -1, -8, 0x7fff_ffff),
  fc.nat(70_000),
);
const someArguments = fc.array(argument, { minLength: 8, maxLength: 8 });

describe("a host function", () => {
  it.each(hostFunctionKeys)("%s charges at least its price, however it ends", (key) => {
    const { price, modes } = hostFunctions[key];
    const ends = new Set<string>();
    fc.assert(
      fc.property(someArguments, fc.constantFrom(...MODES), (values, mode) => {
        const outcome = run(key, values, mode, GAS);
        const { end, gasUsed } = outcome;
        const left = GAS - gasUsed;
        ends.add(end.kind === "fault" ? end.fault.code : end.kind);
        // A fault that is an abuse takes everything; every other end has paid the price of the function.
        const least = entryGas(contract(key, values)) + price.fixed;
        if (modes.includes(mode)) expect(gasUsed).toBeGreaterThanOrEqual(least);
        else expect(end).toMatchObject({ kind: "fault", fault: { code: "MODE_REFUSED" } });
        if (end.kind === "fault") expect(Object.keys(faults)).toContain(end.fault.code);
        expect(left).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 30 },
    );
    expect(ends.size).toBeGreaterThan(0);
  });

  it.each(hostFunctionKeys)("%s touches nothing when its price cannot be paid", (key) => {
    const { price, modes } = hostFunctions[key];
    const touched: string[] = [];
    const watched = <T extends object>(name: string, inner: T): T =>
      new Proxy(inner, {
        get: (target, property) => {
          touched.push(`${name}.${String(property)}`);
          const value: unknown = Reflect.get(target, property);
          return typeof value === "function" ? (value.bind(target) as unknown) : value;
        },
      });
    fc.assert(
      fc.property(someArguments, fc.integer({ min: 1, max: price.fixed }), (values, less) => {
        touched.length = 0;
        const mode = modes.at(-1) ?? "command";
        const base = environment({ mode });
        const around: CallEnvironment = {
          ...base,
          state: watched("state", base.state),
          primitives: watched("primitives", base.primitives),
          http: { kind: "replay", next: () => (touched.push("http"), []) },
          random: () => (touched.push("random"), new Uint8Array(0)),
          secret: () => void touched.push("secret"),
          contractSecret: () => (touched.push("contractSecret"), new Uint8Array(32)),
        };
        const admitted = contract(key, values);
        const gasLimit = entryGas(admitted) + price.fixed - less;
        const { end, gasUsed, events, logs } = runCall(admitted, { ...request, gasLimit }, around);
        expect(end).toMatchObject({ kind: "fault", fault: { code: "OUT_OF_GAS" } });
        expect({ gasUsed, events, logs, touched }).toEqual({
          ...{ gasUsed: gasLimit, events: [], logs: [], touched: [] },
        });
      }),
      { numRuns: 8 },
    );
  });
});

describe("a call", () => {
  const bytes = 50;
  const ways: Record<
    string,
    { readonly code: Code; readonly imports?: readonly WorldImportKey[] }
  > = {
    "returns a value": { code: [...word(RESULT + 4, bytes), ...constant(RESULT)] },
    traps: { code: [unreachable] },
    "runs for ever": { code: [...loop(br(0)), ...constant(RESULT)] },
    "fails by itself": {
      code: [...[0, 0, 0, 0].flatMap((value) => constant(value)), ...call(0), ...constant(RESULT)],
      imports: ["control.fail"],
    },
    panics: {
      code: [
        ...[0, 0, 0, 0, 1, 2].flatMap((value) => constant(value)),
        ...call(0),
        ...constant(RESULT),
      ],
      imports: ["control.panic"],
    },
    "is turned away": {
      code: [...constant(0), ...call(0), ...constant(RESULT)],
      imports: ["control.refuse"],
    },
    "returns a pointer to nowhere": { code: constant(-4) },
    "returns too much": { code: [...word(RESULT + 4, -1), ...constant(RESULT)] },
  };

  it.each(Object.entries(ways))(
    "pays its instance and its arguments when it %s",
    (_, { code, imports }) => {
      const admitted = admitContract({ imports: imports ?? [], command: code });
      const args = new Uint8Array(1_000);
      for (const gasLimit of [1e6, 1e7]) {
        const outcome = runCall(admitted, { method: "", args, gasLimit }, environment());
        expect(outcome.gasUsed).toBeGreaterThanOrEqual(admitted.instanceGas + args.length);
        expect(outcome.gasUsed).toBeLessThanOrEqual(gasLimit);
      }
    },
  );

  it("pays for its result before it is copied", () => {
    const { code } = ways["returns a value"] ?? { code: [] };
    const admitted = admitContract({ command: code });
    const gas = (limit: number): CallOutcome =>
      runCall(admitted, { ...request, gasLimit: limit }, environment());
    const { gasUsed } = gas(GAS);
    expect(gas(gasUsed).end.kind).toBe("returned");
    for (let less = 1; less <= bytes * RESULT_GAS_PER_BYTE; less++) {
      expect(gas(gasUsed - less).end).toMatchObject({
        kind: "fault",
        fault: { code: "OUT_OF_GAS" },
      });
    }
  });

  it("pays all it has when it cannot pay its instance, and runs no code", () => {
    const admitted = admitContract({ imports: ["control.panic"], initialize: [unreachable] });
    for (const gasLimit of [0, 1, admitted.instanceGas - 1]) {
      const { end, gasUsed } = runCall(admitted, { ...request, gasLimit }, environment());
      expect(end).toMatchObject({ kind: "fault", fault: { code: "OUT_OF_GAS" } });
      expect(gasUsed).toBe(gasLimit);
    }
  });
});
