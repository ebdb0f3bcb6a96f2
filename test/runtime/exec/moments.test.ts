import { describe, expect, it } from "vitest";
import { emptied, Replica } from "#exec/replica.ts";

const namespace = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const KEY = Uint8Array.of(1);
const write = (byte: number, value: number) => ({
  namespace: namespace(byte),
  key: KEY,
  value: Uint8Array.of(value),
});

describe("Replica.snapshot()", () => {
  it("keeps seeing every namespace as it was, whether it was asked for before or after it changed", () => {
    const replica = new Replica();
    replica.apply([write(1, 10), write(2, 20)]);
    const state = replica.snapshot();
    const early = state(namespace(1));
    replica.apply([write(1, 11), write(3, 31)]);
    replica.apply([write(1, 12), write(2, 22)]);
    expect(early.get(KEY)).toEqual(Uint8Array.of(10));
    expect(state(namespace(1)).get(KEY)).toEqual(Uint8Array.of(10));
    expect(state(namespace(2)).get(KEY)).toEqual(Uint8Array.of(20));
    expect(state(namespace(3)).get(KEY)).toBeUndefined();
    replica.apply([write(2, 23), write(3, 33)]);
    expect(state(namespace(2)).get(KEY)).toEqual(Uint8Array.of(20));
    expect(state(namespace(3)).get(KEY)).toBeUndefined();
    expect(replica.snapshot()(namespace(3)).get(KEY)).toEqual(Uint8Array.of(33));
  });

  it("keeps seeing a namespace that was emptied before it was asked for", () => {
    const replica = new Replica();
    replica.apply([write(1, 10), write(2, 20)]);
    const state = replica.snapshot();
    replica.apply([write(1, 11), emptied(namespace(2))]);
    expect(state(namespace(2)).get(KEY)).toEqual(Uint8Array.of(20));
    expect(replica.snapshot()(namespace(2)).get(KEY)).toBeUndefined();
    replica.apply([write(2, 21)]);
    expect(state(namespace(2)).get(KEY)).toEqual(Uint8Array.of(20));
  });
});
