import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContractState } from "#host/state/committed.ts";
import type { StateReader } from "#host/state/reader.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("ContractState", () => {
  it("counts keys and bytes through writes, overwrites and removals", () => {
    const state = new ContractState([[bytes(1), bytes(1, 2, 3)]]);
    expect([state.size, state.bytes]).toEqual([1, 4]);
    state.apply([
      [bytes(1), bytes(9)],
      [bytes(2, 2), bytes()],
    ]);
    expect([state.size, state.bytes]).toEqual([2, 4]);
    state.apply([
      [bytes(1), undefined],
      [bytes(3), undefined],
    ]);
    expect([state.size, state.bytes]).toEqual([1, 2]);
  });

  it("keeps a snapshot as it was while later commits change, add and remove", () => {
    const state = new ContractState([
      [bytes(1), bytes(1)],
      [bytes(2), bytes(2)],
    ]);
    const before = state.snapshot();
    state.apply([[bytes(1), bytes(11)]]);
    const between = state.snapshot();
    state.apply([
      [bytes(1), undefined],
      [bytes(2), bytes(22)],
      [bytes(3), bytes(33)],
    ]);
    const read = (reader: StateReader): unknown[] => [1, 2, 3].map((key) => reader.get(bytes(key)));
    expect(read(before)).toEqual([bytes(1), bytes(2), undefined]);
    expect(read(between)).toEqual([bytes(11), bytes(2), undefined]);
    expect(read(state)).toEqual([undefined, bytes(22), bytes(33)]);
  });

  it("undoes a key that one list of writes names twice", () => {
    const state = new ContractState([[bytes(1), bytes(1)]]);
    const snapshot = state.snapshot();
    state.apply([
      [bytes(1), bytes(2)],
      [bytes(1), bytes(3)],
    ]);
    expect(snapshot.get(bytes(1))).toEqual(bytes(1));
  });

  it("property: every snapshot equals a copy taken at the same moment, whenever it is read", () => {
    const write = fc.tuple(fc.nat(5), fc.option(fc.nat(255), { nil: undefined }));
    const commit = fc.record({ writes: fc.array(write), snapshot: fc.boolean(), read: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(commit, { maxLength: 30 }), (commits) => {
        const state = new ContractState();
        const taken: { reader: StateReader; copy: Map<number, number> }[] = [];
        const model = new Map<number, number>();
        const check = (): void => {
          for (const { reader, copy } of taken) {
            for (let key = 0; key <= 5; key++) {
              expect(reader.get(bytes(key))?.[0]).toBe(copy.get(key));
            }
          }
        };
        for (const { writes, snapshot, read } of commits) {
          if (snapshot) taken.push({ reader: state.snapshot(), copy: new Map(model) });
          state.apply(
            writes.map(([key, value]) => [bytes(key), value === undefined ? value : bytes(value)]),
          );
          for (const [key, value] of writes) {
            if (value === undefined) model.delete(key);
            else model.set(key, value);
          }
          if (read === 0) check();
        }
        check();
      }),
    );
  });
});
