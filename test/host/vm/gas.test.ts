/**
 * Goal: the host takes gas through code of the metered module, to the unit what it would take by itself.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "#protocol/fault.ts";
import { GasCounter } from "#host/vm/gas.ts";
import { Instance } from "#host/vm/instance.ts";
import { admitContract } from "#test/support/contract.ts";

const MAX = Number.MAX_SAFE_INTEGER;
const slices = { next: () => Promise.resolve(), allocationGas: () => 0 };
const amount = fc.oneof(
  fc.constantFrom(0, 1, 2, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, MAX - 1, MAX),
  fc.nat(1_000),
  fc.maxSafeNat(),
);

/** A counter of a real instance, which code of the module lowers; or a bare one, which the host lowers itself. */
function counter(kind: "module" | "host"): GasCounter {
  if (kind === "module") return new Instance(admitContract({}), () => () => 0, slices).gas;
  return new GasCounter(new WebAssembly.Global({ value: "i64", mutable: true }, 0n));
}

function charged(gas: GasCounter, steps: readonly number[]): (string | number)[] {
  return steps.map((step) => {
    try {
      gas.charge(step);
    } catch (error) {
      return error instanceof Fault ? error.code : String(error);
    }
    return gas.left;
  });
}

describe("GasCounter", () => {
  const kinds = { module: counter("module"), host: counter("host") };

  it("property: charges the same whoever lowers the counter, in one slice and in several", () => {
    fc.assert(
      fc.property(amount, fc.option(amount), fc.array(amount), (left, slice, steps) => {
        const [one, other] = (["module", "host"] as const).map((kind) => {
          const gas = kinds[kind];
          gas.left = left;
          if (slice !== null) gas.slice(slice);
          return [charged(gas, steps), gas.inSlice, gas.left, gas.isSliceOver];
        });
        expect(one).toEqual(other);
      }),
    );
  });

  it.each(["module", "host"] as const)("gives all that is left and not one more: %s", (kind) => {
    const gas = kinds[kind];
    for (const left of [0, 1, 2 ** 31, 2 ** 32 + 5, MAX]) {
      gas.left = left;
      expect(charged(gas, [left, 0, 1])).toEqual([0, 0, "OUT_OF_GAS"]);
      expect(gas.left).toBe(-1);
      gas.left = left;
      expect(charged(gas, [left])).toEqual([0]);
    }
  });

  it("goes on in the gas of later slices only where the host lets it", () => {
    const gas = kinds.module;
    gas.left = 100;
    gas.slice(10);
    gas.charge(30);
    expect([gas.inSlice, gas.left]).toEqual([0, 70]);
    expect(charged(gas, [70, 1])).toEqual([0, "OUT_OF_GAS"]);
  });
});
