/**
 * A contract such as a stranger writes, against a model in plain TypeScript: thousands of random
 * calls, values of every type by way of the client's codec, same outcomes.
 *
 * Each run is one contract's life from an empty state; few accounts and keys, so that calls meet.
 *
 * @module
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { AbiType } from "#protocol/abi.ts";
import { decodeFields, decodeResult } from "#sdk/client/abi/decode.ts";
import { encodeArgs } from "#sdk/client/abi/encode.ts";
import { Model, type Outcome } from "#test/sdk/contract/books/model.ts";
import { anyValueOf } from "#test/sdk/client/abi/arbitrary.ts";
import { account, Guest } from "#test/support/guest.ts";

let built: Guest;
beforeAll(async () => {
  built = await Guest.build("test/sdk/fixtures/books/books.ts");
});

const accounts = [1, 2, 3].map((byte) => account(byte));
const [WIDE_MAX, WIDEST_MAX] = [2n ** 128n - 1n, 2n ** 256n - 1n];

const who = fc.constantFrom(...accounts.map((bytes) => bytes.toHex()));
const id = fc.bigInt({ min: 0n, max: 12n });
const kind = fc.constantFrom(0, 5, 6);
const wide = fc.oneof(fc.bigInt({ min: 0n, max: 9n }), fc.bigInt({ min: 0n, max: WIDE_MAX }));
const widest = fc.constantFrom(0n, 1n, 2n ** 64n, 2n ** 128n, WIDEST_MAX);
const long = fc.oneof(
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const small = fc.constantFrom(-128, -1, 0, 5, 6, 127);
const text = fc.oneof(
  fc.constantFrom("", "\u{feff}a", "名", "👩‍👩‍👧", "a\0b", "~", "\uffff"),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);
const line = fc.record({
  amount: wide,
  note: fc.option(fc.constantFrom("", "red", "\u{feff}x", "a\0b", "é")),
  parts: fc.array(fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }), { maxLength: 3 }),
});
const ruled = fc.tuple(line, kind).map(([each, rule]) => ({ ...each, rule }));
const under = fc.constantFrom("", "a", "a\0", "a\0b", "a\x01", "ab", "名", "👩");
const { order } = fc.letrec<{ order: unknown; parent: unknown }>((tie) => ({
  order: fc.record({
    owner: who,
    kind,
    lines: fc.array(line, { maxLength: 3 }),
    parent: tie("parent"),
    version: fc.integer({ min: 0, max: 255 }),
  }),
  parent: fc.option(tie("order"), { maxDepth: 4, depthSize: "small" }),
}));
const anyOf = (type: AbiType): fc.Arbitrary<unknown> =>
  fc.constant(0).chain(() => anyValueOf(built.contract.abi, type));

type Name = Exclude<keyof Model, "constructor">;
const calls: Readonly<Record<Name, readonly fc.Arbitrary<unknown>[]>> = {
  place: [order],
  drop: [id],
  ordersOf: [who],
  costing: [wide, wide],
  noted: [fc.constantFrom("", "red", "\u{feff}x", "a\0b", "é")],
  weightOf: [id],
  mint: [wide],
  pay: [who, wide],
  heldBy: [who],
  shift: [long],
  write: [small, widest],
  strike: [],
  written: [fc.integer({ min: -1, max: 5 })],
  wide: [widest],
  keep: [anyOf({ data: "Widths" })],
  fails: [text],
  call: [text],
  called: [text],
  rule: [under, ruled],
  rulesOf: [who],
  see: [long],
  forget: [long],
  seenBetween: [long, long],
  doneOf: [small],
};
const call = fc
  .constantFrom(...(Object.keys(calls) as Name[]))
  .chain((name) =>
    fc.record({ name: fc.constant(name), by: fc.nat(2), args: fc.tuple(...calls[name]) }),
  );

/** What the contract does. */
function outcomeOf(guest: Guest, by: number, name: Name, args: readonly unknown[]): Outcome {
  const { abi } = guest.contract;
  const method = abi.methods.find((each) => each.name === name);
  if (!method) throw new Error(`there is no method ${name}`);
  guest.caller = accounts[by] as Uint8Array;
  const mode = method.kind === "query" ? "query" : "command";
  const { outcome } = guest.run(mode, name, encodeArgs(abi, method, args));
  const { end } = outcome;
  if (end.kind === "returned") {
    const events = outcome.events.map((event) => {
      const fields = abi.events.find((each) => each.name === event.name)?.fields ?? [];
      return { name: event.name, args: decodeFields(abi, fields, event.fields, "event") };
    });
    return { value: decodeResult(abi, method.output, end.value), events };
  }
  if (end.kind === "failed") {
    const fields = abi.errors.find((each) => each.name === end.name)?.fields ?? [];
    return { error: end.name, args: decodeFields(abi, fields, end.fields, "error") };
  }
  expect(end.fault.code).toBe("PANIC");
  return { panic: true };
}

describe("a stranger's contract", () => {
  it("property: does what its model does, call by call", { timeout: 240_000 }, () => {
    let count = 0;
    fc.assert(
      fc.property(fc.array(call, { minLength: 20, maxLength: 100 }), (sequence) => {
        const guest = built.fresh();
        const model = new Model();
        for (const { name, by, args } of sequence) {
          const caller = (accounts[by] as Uint8Array).toHex();
          const act = model[name] as (this: Model, ...all: unknown[]) => Outcome;
          const expected = act.call(model, caller, ...args);
          expect(outcomeOf(guest, by, name, args), name).toEqual(expected);
          count++;
        }
      }),
      { numRuns: 60 },
    );
    expect(count).toBeGreaterThan(1_000);
  });
});
