import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { STATE_VALUE_BYTES_MAX, WRITE_SET_BYTES_MAX } from "#protocol/limits.ts";
import { ContractState } from "#host/state/committed.ts";
import { Layer } from "#host/state/layer.ts";

const [ANN, BOB] = ["0a", "0b"];
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const committed = new ContractState([[bytes(1), bytes(10)]]);
const nothing = new ContractState();

describe("Layer", () => {
  it("sees what callers and returned calls have written, and committed state below", () => {
    const first = new Layer();
    first.overlay(ANN, committed).set(bytes(2), bytes(20));
    const second = new Layer(first);
    const third = new Layer(second);
    expect(third.overlay(ANN, committed).get(bytes(1))).toEqual(bytes(10));
    expect(third.overlay(ANN, committed).get(bytes(2))).toEqual(bytes(20));
    third.overlay(ANN, committed).remove(bytes(1));
    expect(first.overlay(ANN, committed).get(bytes(1))).toEqual(bytes(10));
    third.commit();
    expect(second.overlay(ANN, committed).get(bytes(1))).toBeUndefined();
    expect(first.overlay(ANN, committed).get(bytes(1))).toEqual(bytes(10));
    second.commit();
    expect(first.overlay(ANN, committed).get(bytes(1))).toBeUndefined();
    expect(committed.get(bytes(1))).toEqual(bytes(10));
  });

  it("leaves nothing of a call that is reverted, nor of those that had returned to it", () => {
    const first = new Layer();
    const second = new Layer(first);
    const third = new Layer(second);
    third.overlay(BOB, nothing).set(bytes(1), bytes(1));
    third.commit();
    second.revert();
    expect(first.overlay(BOB, nothing).get(bytes(1))).toBeUndefined();
    expect(first.writes().flatMap(([, writes]) => writes)).toEqual([]);
  });

  it("bounds what all layers hold together, and gives back what is reverted", () => {
    const first = new Layer();
    const value = new Uint8Array(STATE_VALUE_BYTES_MAX - 1);
    const count = WRITE_SET_BYTES_MAX / STATE_VALUE_BYTES_MAX;
    const fill = (layer: Layer, address: string, from: number, to: number): void => {
      for (let key = from; key < to; key++) layer.overlay(address, nothing).set(bytes(key), value);
    };
    fill(first, ANN, 0, 1);
    const second = new Layer(first);
    fill(second, BOB, 1, count);
    expect(() => second.overlay(ANN, nothing).set(bytes(9), bytes())).toThrow("STATE_WRITE_SET");
    second.revert();
    const third = new Layer(first);
    fill(third, ANN, 0, count - 1);
    third.commit();
    expect(() => fill(first, ANN, count - 1, count)).not.toThrow();
    expect(() => first.overlay(BOB, nothing).set(bytes(9), bytes())).toThrow("STATE_WRITE_SET");
  });

  it("lists writes by address, then by key", () => {
    const layer = new Layer();
    layer.overlay(BOB, nothing).set(bytes(2), bytes(1));
    layer.overlay(BOB, nothing).set(bytes(1), bytes(1));
    layer.overlay(ANN, nothing).remove(bytes(3));
    expect(layer.writes()).toEqual([
      [ANN, [[bytes(3), undefined]]],
      [
        BOB,
        [
          [bytes(1), bytes(1)],
          [bytes(2), bytes(1)],
        ],
      ],
    ]);
  });

  it("property: any tree of calls leaves what one map would hold without the failed ones", () => {
    interface Step {
      readonly address: string;
      readonly key: number;
      readonly value: number | undefined;
    }
    interface Call {
      readonly returns: boolean;
      readonly steps: readonly (Step | Call)[];
    }
    const { tree } = fc.letrec<{ tree: Call; step: Step }>((tie) => ({
      step: fc.record({
        address: fc.constantFrom(ANN, BOB),
        key: fc.integer({ min: 1, max: 3 }),
        value: fc.option(fc.nat(255), { nil: undefined }),
      }),
      tree: fc.record({
        returns: fc.boolean(),
        steps: fc.array(fc.oneof({ maxDepth: 4 }, tie("step"), tie("tree")), { maxLength: 6 }),
      }),
    }));
    const run = (call: Call, layer: Layer, model: Map<string, number | undefined>): void => {
      for (const step of call.steps) {
        if ("steps" in step) {
          const inner = new Layer(layer);
          const copy = new Map(model);
          run(step, inner, copy);
          if (step.returns) inner.commit();
          else inner.revert();
          if (step.returns) for (const [key, value] of copy) model.set(key, value);
          continue;
        }
        const overlay = layer.overlay(step.address, nothing);
        if (step.value === undefined) overlay.remove(bytes(step.key));
        else overlay.set(bytes(step.key), bytes(step.value));
        model.set(`${step.address} ${step.key}`, step.value);
        expect(overlay.get(bytes(step.key))?.[0]).toBe(step.value);
      }
    };
    fc.assert(
      fc.property(tree, (call) => {
        const layer = new Layer();
        const model = new Map<string, number | undefined>();
        run(call, layer, model);
        const found = layer
          .writes()
          .flatMap(([address, writes]) =>
            writes.map(([key, value]) => [`${address} ${key[0]}`, value?.[0]] as const),
          );
        expect(new Map(found)).toEqual(model);
      }),
    );
  });
});
