/**
 * Walks in byte order over committed state, snapshots and layers of writes, against a plain sorted map.
 *
 * @module
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContractState } from "#host/state/committed.ts";
import { keyText, type KeyText } from "#host/state/key.ts";
import { OrderedKeys } from "#host/state/ordered-keys.ts";
import { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import { stretchOf, type Stretch } from "#host/state/stretch.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const all = (descending = false): Stretch => stretchOf(bytes(), bytes(), descending);

/** What a walk finds, removed keys left out, as `key=value`. */
function found(reader: StateReader, stretch: Stretch = all()): string[] {
  const steps = [...reader.walk(stretch)];
  return steps.flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${value.join(".")}`],
  );
}

describe("OrderedKeys", () => {
  it("property: holds what a sorted set holds, whatever is added and deleted", () => {
    const key = fc.string({
      minLength: 1,
      maxLength: 3,
      unit: fc.constantFrom("a", "b", "\0", "ÿ"),
    });
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 60 }),
        fc.array(key),
        key,
        key,
        (adds, deletes, a, b) => {
          const kept = new Set<KeyText>();
          const keys = new OrderedKeys();
          for (const each of adds) if (!kept.has(each)) keys.add((kept.add(each), each));
          for (const each of deletes) if (kept.delete(each)) keys.delete(each);
          const sorted = [...kept].sort();
          expect([...keys]).toEqual(sorted);
          const [start = "", end = ""] = [a, b].sort();
          const inside = sorted.filter((each) => each >= start && each < end);
          expect([...keys.walk({ start, end, descending: false })]).toEqual(inside);
          expect([...keys.walk({ start, end, descending: true })]).toEqual(inside.toReversed());
          const onwards = sorted.filter((each) => each >= start);
          expect([...keys.walk({ start, end: undefined, descending: true })]).toEqual(
            onwards.toReversed(),
          );
        },
      ),
    );
  });

  it.each(["up", "down", "mixed"])("keeps 5,000 keys that come in order: %s", (order) => {
    const count = 5_000;
    const keyOf = (index: number): KeyText => String(index).padStart(5, "0");
    const keys = new OrderedKeys();
    for (let i = 0; i < count; i++) {
      keys.add(keyOf(order === "up" ? i : order === "down" ? count - 1 - i : (i * 1_237) % count));
    }
    expect([...keys]).toEqual(Array.from({ length: count }, (_, index) => keyOf(index)));
    for (let i = 0; i < count; i += 2) keys.delete(keyOf(i));
    const stretch = { start: keyOf(1_000), end: keyOf(1_010), descending: true };
    expect([...keys.walk(stretch)]).toEqual([1_009, 1_007, 1_005, 1_003, 1_001].map(keyOf));
    for (let i = 1; i < count; i += 2) keys.delete(keyOf(i));
    expect([...keys]).toEqual([]);
    expect([...keys.walk({ ...stretch, end: undefined })]).toEqual([]);
  });
});

describe("walk()", () => {
  const committed = (): ContractState =>
    new ContractState(["a", "b", "ba", "c"].map((key, index) => [latin1(key), bytes(index)]));

  it("goes from the start on and ends before the end, both ways", () => {
    const state = committed();
    const between = (descending: boolean): Stretch =>
      stretchOf(latin1("b"), latin1("c"), descending);
    expect(found(state, between(false))).toEqual(["b=1", "ba=2"]);
    expect(found(state, between(true))).toEqual(["ba=2", "b=1"]);
    expect(found(state, stretchOf(latin1("c"), latin1("b"), false))).toEqual([]);
    expect(found(state, stretchOf(latin1("c"), latin1("b"), true))).toEqual([]);
    expect(found(state, stretchOf(latin1("b"), latin1("b"), false))).toEqual([]);
  });

  it("orders bytes as unsigned, shorter first", () => {
    const keys = [bytes(0xff), bytes(0x7f, 0xff), bytes(0x80), bytes(0x7f), bytes(0)];
    const state = new ContractState(keys.map((key) => [key, bytes(1)]));
    expect([...state.walk(all())].map(([key]) => Buffer.from(key, "latin1").toHex())).toEqual([
      "00",
      "7f",
      "7fff",
      "80",
      "ff",
    ]);
  });

  it("sees the writes of a call over what is committed, and those of its callers", () => {
    const state = committed();
    const lower = new Overlay(state);
    lower.set(latin1("aa"), bytes(9));
    lower.remove(latin1("b"));
    const upper = new Overlay(lower);
    expect(found(upper)).toEqual(["a=0", "aa=9", "ba=2", "c=3"]);
    upper.set(latin1("b"), bytes(8));
    upper.remove(latin1("aa"));
    upper.remove(latin1("never"));
    expect(found(upper)).toEqual(["a=0", "b=8", "ba=2", "c=3"]);
    expect(found(upper, all(true))).toEqual(["c=3", "ba=2", "b=8", "a=0"]);
    expect(found(lower)).toEqual(["a=0", "aa=9", "ba=2", "c=3"]);
    lower.absorb(upper);
    expect(found(lower)).toEqual(["a=0", "b=8", "ba=2", "c=3"]);
    expect(found(upper)).toEqual(found(lower));
    lower.revert();
    expect(found(lower)).toEqual(found(state));
  });

  it("tells of removed keys, so that stepping over them is paid", () => {
    const overlay = new Overlay(committed());
    overlay.remove(latin1("a"));
    expect([...overlay.walk(all())][0]).toEqual(["a", undefined]);
  });

  it("counts the keys that are not in order yet, layer by layer, until they are", () => {
    const lower = new Overlay(committed());
    lower.set(latin1("x"), bytes());
    const upper = new Overlay(lower);
    upper.remove(latin1("y"));
    expect(upper.unordered).toBe(2);
    found(lower);
    expect(upper.unordered).toBe(1);
    found(upper);
    upper.set(latin1("z"), bytes());
    expect(upper.unordered).toBe(0);
    expect(found(upper)).toContain("z=");
    upper.revert();
    expect(upper.unordered).toBe(0);
  });

  it("refuses a bound that is more than a byte longer than a key", () => {
    expect(stretchOf(new Uint8Array(129), new Uint8Array(129), false).start.length).toBe(129);
    expect(() => stretchOf(new Uint8Array(130), bytes(), false)).toThrow("STATE_KEY");
    expect(() => stretchOf(bytes(), new Uint8Array(130), false)).toThrow("STATE_KEY");
  });

  it("property: is what a sorted map gives, through snapshots and nested overlays", () => {
    const key = fc.uint8Array({ minLength: 1, maxLength: 2 }).map((each) => each.map((b) => b & 3));
    const value = fc.option(fc.nat(9), { nil: undefined });
    const write = fc.record({ layer: fc.nat(3), key, value, walks: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(write, { maxLength: 40 }),
        key,
        key,
        fc.boolean(),
        (writes, a, b, down) => {
          const state = new ContractState();
          const layers = [new Overlay(state)];
          layers.push(new Overlay(layers[0] as Overlay), new Overlay(state.snapshot()));
          const models = [0, 1, 2, 3].map(() => new Map<KeyText, number | undefined>());
          for (const { layer, key: at, value: put, walks } of writes) {
            // Layer 3 is committed state, which the third overlay's snapshot does not see.
            models[layer]?.set(keyText(at), put);
            const overlay = layers[layer];
            if (overlay === undefined) {
              state.apply([[at, put === undefined ? undefined : bytes(put)]]);
            } else if (put === undefined) overlay.remove(at);
            else overlay.set(at, bytes(put));
            if (walks) for (const each of layers) found(each);
          }
          const [first, second] = [models[3], models[0]];
          const views = [
            new Map([...(first ?? []), ...(second ?? [])]),
            new Map([...(first ?? []), ...(second ?? []), ...(models[1] ?? [])]),
            models[2] ?? new Map<KeyText, number | undefined>(),
          ];
          const stretch = stretchOf(a, b, down);
          for (const [index, view] of views.entries()) {
            const expected = [...view]
              .filter(
                ([at, put]) => put !== undefined && at >= stretch.start && at < (stretch.end ?? ""),
              )
              .map(([at, put]) => `${at}=${put}`)
              .sort((left, right) =>
                (left.split("=")[0] as string) < (right.split("=")[0] as string) ? -1 : 1,
              );
            const overlay = layers[index] as Overlay;
            expect(found(overlay, stretch)).toEqual(down ? expected.toReversed() : expected);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
