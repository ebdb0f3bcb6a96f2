import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fault } from "#protocol/fault.ts";
import {
  STATE_KEY_BYTES_MAX,
  STATE_VALUE_BYTES_MAX,
  WRITE_SET_BYTES_MAX,
} from "#protocol/limits.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function faultOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Fault).code;
  }
  return "none";
}

describe("Overlay", () => {
  it("reads committed values, then its own writes, then its own removals", () => {
    const state = new ContractState([[bytes(1), bytes(10)]]);
    const overlay = new Overlay(state);
    expect(overlay.get(bytes(1))).toEqual(bytes(10));
    overlay.set(bytes(1), bytes(11));
    expect(overlay.get(bytes(1))).toEqual(bytes(11));
    overlay.remove(bytes(1));
    expect(overlay.get(bytes(1))).toBeUndefined();
    expect(state.get(bytes(1))).toEqual(bytes(10));
  });

  it("tells an empty value from an absent one", () => {
    const overlay = new Overlay(new ContractState());
    overlay.set(bytes(1), bytes());
    expect(overlay.get(bytes(1))).toEqual(bytes());
    expect(overlay.get(bytes(2))).toBeUndefined();
  });

  it("lists writes in byte order of their keys, each key once", () => {
    const overlay = new Overlay(new ContractState());
    for (const key of [bytes(255), bytes(0), bytes(1, 0), bytes(1), bytes(0x80), bytes(0, 0)]) {
      overlay.set(key, key);
      overlay.set(key, bytes(9));
    }
    overlay.remove(bytes(1));
    expect(overlay.writes()).toEqual([
      [bytes(0), bytes(9)],
      [bytes(0, 0), bytes(9)],
      [bytes(1), undefined],
      [bytes(1, 0), bytes(9)],
      [bytes(0x80), bytes(9)],
      [bytes(255), bytes(9)],
    ]);
  });

  it("takes keys of one byte and of the limit, refuses none and one more", () => {
    const overlay = new Overlay(new ContractState());
    const attempt = (length: number): string =>
      faultOf(() => overlay.set(new Uint8Array(length), bytes(1)));
    expect(attempt(1)).toBe("none");
    expect(attempt(STATE_KEY_BYTES_MAX)).toBe("none");
    expect(attempt(0)).toBe("STATE_KEY");
    expect(attempt(STATE_KEY_BYTES_MAX + 1)).toBe("STATE_KEY");
    expect(faultOf(() => overlay.get(bytes()))).toBe("STATE_KEY");
    expect(faultOf(() => overlay.remove(bytes()))).toBe("STATE_KEY");
  });

  it("takes a value of the limit, refuses one byte more", () => {
    const overlay = new Overlay(new ContractState());
    const attempt = (length: number): string =>
      faultOf(() => overlay.set(bytes(1), new Uint8Array(length)));
    expect(attempt(STATE_VALUE_BYTES_MAX)).toBe("none");
    expect(attempt(STATE_VALUE_BYTES_MAX + 1)).toBe("STATE_VALUE");
  });

  it("bounds the write set: overwriting gives bytes back, a refused write changes nothing", () => {
    const overlay = new Overlay(new ContractState());
    const value = new Uint8Array(STATE_VALUE_BYTES_MAX);
    const keys = WRITE_SET_BYTES_MAX / STATE_VALUE_BYTES_MAX;
    for (let key = 0; key < keys - 1; key++) overlay.set(bytes(key), value);
    const room = WRITE_SET_BYTES_MAX - overlay.bytes;
    overlay.set(bytes(200), value.subarray(0, room - 1));
    expect(overlay.bytes).toBe(WRITE_SET_BYTES_MAX);
    expect(faultOf(() => overlay.remove(bytes(201)))).toBe("STATE_WRITE_SET");
    expect(overlay.bytes).toBe(WRITE_SET_BYTES_MAX);
    overlay.remove(bytes(0));
    overlay.set(bytes(201), bytes(1));
    expect(overlay.bytes).toBe(WRITE_SET_BYTES_MAX - STATE_VALUE_BYTES_MAX + 2);
  });

  it("property: committing an overlay gives the state a map would give", () => {
    const key = fc.uint8Array({ minLength: 1, maxLength: 3 });
    const write = fc.tuple(key, fc.option(fc.uint8Array({ maxLength: 4 }), { nil: undefined }));
    fc.assert(
      fc.property(fc.array(fc.array(write)), (calls) => {
        const state = new ContractState();
        const model = new Map<string, Uint8Array>();
        for (const writes of calls) {
          const overlay = new Overlay(state);
          for (const [name, value] of writes) {
            if (value === undefined) overlay.remove(name);
            else overlay.set(name, value);
            if (value === undefined) model.delete(name.toHex());
            else model.set(name.toHex(), value);
            expect(overlay.get(name)).toEqual(value);
          }
          state.apply(overlay.writes());
        }
        const entries = [...state.entries()].map(([name, value]) => [name.toHex(), value]);
        expect(new Map(entries as [string, Uint8Array][])).toEqual(model);
        expect(entries.map(([name]) => name)).toEqual([...model.keys()].toSorted());
      }),
    );
  });
});
