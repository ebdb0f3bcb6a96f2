/**
 * Keys of several parts against a sorted list, and values of classes that extend `@data` classes.
 *
 * @module
 */
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { account, Guest } from "#test/support/guest.ts";

let built: Guest;
let parts: Guest;
beforeAll(async () => {
  built = await Guest.build("test/sdk/fixtures/parts.ts");
}, 60_000);
beforeEach(() => {
  parts = built.fresh();
});

type Place = [name: string, at: [first: number, second: Uint8Array], flag: boolean];
type Places = [items: Place[], next: Uint8Array | null];

/** Text and bytes that look like each other's ends and escapes. */
const name = fc.string({ maxLength: 3, unit: fc.constantFrom("\0", "\x01", "a", "b", "ÿ") });
const blob = fc
  .array(fc.constantFrom(0, 1, 2, 255), { maxLength: 3 })
  .map((bytes) => Uint8Array.from(bytes));
const number = fc.constantFrom(-32_768, -1, 0, 1, 32_767);
const place = fc.tuple(name, fc.tuple(number, blob), fc.boolean()) as fc.Arbitrary<Place>;

/** The order that is promised: by the first field, then by the second, and so on. */
function compare(left: Place, right: Place, fields = 3): number {
  const order = [
    Buffer.compare(Buffer.from(left[0]), Buffer.from(right[0])),
    left[1][0] - right[1][0] || Buffer.compare(left[1][1], right[1][1]),
    Number(left[2]) - Number(right[2]),
  ];
  return order.slice(0, fields).find((each) => each !== 0) ?? 0;
}

/** Each place once, in order. */
function sorted(places: readonly Place[]): Place[] {
  return places
    .toSorted((left, right) => compare(left, right))
    .filter((each, index, all) => index === 0 || compare(all[index - 1] as Place, each) !== 0);
}

/** All pages of a query that takes the size of the page, a cursor and the direction last. */
function walk(method: string, limit: number, down: boolean, ...args: unknown[]): Place[] {
  const found: Place[] = [];
  let cursor: Uint8Array | null = null;
  do {
    const outcome = parts.query(method, ...args, limit, cursor, down);
    expect(outcome.panic ?? outcome.fault).toBeUndefined();
    const [items, next]: Places = outcome.value as Places;
    found.push(...items);
    cursor = next;
  } while (cursor !== null);
  return found;
}

describe("a @data class as key", () => {
  it("property: keeps unlike keys apart, and in the order of their fields", () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 12 }), fc.boolean(), (places, down) => {
        parts = built.fresh();
        for (const [index, each] of places.entries()) parts.command("put", each, index + 1);
        const expected = sorted(places);
        expect(walk("list", 3, down)).toEqual(down ? expected.toReversed() : expected);
        for (const each of expected) {
          const last = places.findLastIndex((other) => compare(each, other) === 0);
          expect(parts.query("get", each).value).toBe(last + 1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("property: within() gives those that begin with the same fields, range() those between", () => {
    fc.assert(
      fc.property(
        fc.array(place, { maxLength: 12 }),
        place,
        place,
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        (places, like, to, fields, down) => {
          parts = built.fresh();
          for (const each of [...places, like]) parts.command("put", each, 1);
          const all = sorted([...places, like]);
          const same = all.filter((each) => compare(each, like, fields) === 0);
          const found = walk("within", 2, down, like, fields);
          expect(found).toEqual(down ? same.toReversed() : same);
          const between = all.filter((each) => compare(like, each) <= 0 && compare(each, to) < 0);
          expect(parts.query("between", like, to).value).toEqual(between);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is stored as its fields, text and bytes with an end of their own", () => {
    const { writes } = parts.command("put", ["a\0", [-1, Uint8Array.of(0, 1)], true], 1);
    const key = Buffer.from("places\0a\0\xff\0\x01\x7f\xff\0\xff\x01\0\x01\x01", "latin1");
    expect(writes[0]).toBe(key.toString("latin1"));
  });

  it("is removed, and found no more", () => {
    const [left, right]: Place[] = [
      ["a", [1, Uint8Array.of()], true],
      ["a", [1, Uint8Array.of()], false],
    ];
    parts.command("put", left, 1);
    parts.command("put", right, 2);
    parts.command("drop", left);
    expect(parts.query("get", left).value).toBe(0);
    expect(parts.query("get", right).value).toBe(2);
  });

  it("fails over 128 bytes, and when within() is asked for fields that are not there", () => {
    const long: Place = ["k".repeat(120), [1, Uint8Array.of()], true];
    expect(parts.command("put", long, 1).panic).toBe("a state key is longer than 128 bytes");
    const like: Place = ["a", [1, Uint8Array.of()], true];
    for (const fields of [0, 4]) {
      const { panic } = parts.query("within", like, fields, 1, null, false);
      expect(panic).toBe("within() takes 1 to 3 fields of 'Place'");
    }
  });

  it("property: no cursor leads out of within()", () => {
    const like: Place = ["b", [0, Uint8Array.of()], false];
    for (const each of ["a", "b", "c"]) parts.command("put", [each, like[1], true], 1);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 14 }), fc.boolean(), (cursor, down) => {
        const { value } = parts.query("within", like, 1, 10, cursor, down);
        for (const [each] of (value as Places | undefined)?.[0] ?? []) expect(each).toBe("b");
      }),
      { numRuns: 100 },
    );
  });

  it("serves sets, with the fields that its class inherits first", () => {
    const [me, other] = [account(1), account(2)];
    for (const lot of [
      [me, 7],
      [other, 1],
      [me, 3],
    ])
      expect(parts.command("add", lot).value).toBe(true);
    expect(parts.command("add", [me, 3]).value).toBe(false);
    expect(parts.query("lotsOf", me).value).toEqual([
      [me, 3],
      [me, 7],
    ]);
  });

  it("serves indexes, by the whole value and by its first fields", () => {
    for (const lot of [3, 4, 5]) parts.command("store", [account(1), lot]);
    expect(parts.query("placed", "lot 4", 1).value).toEqual([4]);
    expect(parts.query("placed", "lot 4", 0).value).toEqual([]);
    expect(parts.query("placedAnywhere", "lot 5").value).toEqual([5]);
    for (const lot of [3, 4, 5]) parts.command("remove", lot);
    expect(parts.state.size).toBe(0);
  });
});

describe("a @data class that extends another", () => {
  const me = account(1);

  it("is its base's fields and then its own", () => {
    expect(parts.command("keep", [me], [me, 5, "x"]).value).toBeNull();
    expect(parts.command("keep", [me], [me, 6, "y"]).value).toEqual([me, 5, "x"]);
    expect(parts.query("kept").value).toEqual([me]);
    expect(parts.command("keep", [me], [me, 6]).fault).toBe("ARGUMENTS_MALFORMED");
    expect(parts.query("textOf", [me, 5]).value).toBe("lot 5");
    const named = (found: string): unknown =>
      parts.contract.abi.types
        .find(({ name: each }) => each === found)
        ?.fields.map((field) => field.name);
    expect(named("Owned")).toEqual(["owner"]);
    expect(named("Lot")).toEqual(["owner", "number"]);
    expect(named("Signed")).toEqual(["owner", "number", "by"]);
  });

  it("never stands for its base where values are stored, passed or used as keys", () => {
    for (const method of ["keepOther", "keyOther", "moveOther"]) {
      const outcome = parts.command(method);
      expect(outcome.panic, method).toMatch(/^a class that extends '\w+' stands for it$/);
      expect(outcome.writes).toEqual([]);
    }
    expect(parts.query("giveOther").panic).toBe("a class that extends 'Owned' stands for it");
  });

  it("lets events and errors extend values, and each other", () => {
    expect(parts.command("move", [me, 5]).events).toEqual([
      { name: "Moved", fields: [me, 5], public: false },
      { name: "MovedTo", fields: [me, 5, "there"], public: true },
    ]);
    const lot = [me, 5];
    expect(parts.query("fails", lot, false).failed).toEqual({ name: "Gone", fields: [lot] });
    expect(parts.query("fails", lot, true).failed).toEqual({
      name: "GoneFor",
      fields: [lot, [me]],
    });
  });
});
