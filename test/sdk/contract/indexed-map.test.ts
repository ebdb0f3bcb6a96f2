/**
 * `IndexedMap` against a plain map: its indexes are never out of date, in order, and kept apart.
 *
 * @module
 */
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { account, Guest } from "#test/support/guest.ts";

let built: Guest;
let library: Guest;
beforeAll(async () => {
  built = await Guest.build(join(import.meta.dirname, "../fixtures/library.ts"));
});
beforeEach(() => {
  library = built.fresh();
});

type Cursor = Uint8Array | null;
type Book = [title: string, year: number, lender: Uint8Array | null];
type Shelf = [books: [key: number, book: Book][], next: Cursor];

/** Keys of all pages of a query whose last arguments are limit and cursor, and perhaps the direction. */
function keys(
  method: string,
  limit: number,
  ask: (cursor: Cursor) => readonly unknown[],
): number[] {
  const found: number[] = [];
  let cursor: Cursor = null;
  do {
    const outcome = library.query(method, ...ask(cursor));
    expect(outcome.panic ?? outcome.fault).toBeUndefined();
    const [books, next]: Shelf = outcome.value as Shelf;
    expect(books.length).toBeLessThanOrEqual(limit);
    found.push(...books.map(([key]) => key));
    cursor = next;
  } while (cursor !== null);
  return found;
}

const byTitle = (limit = 2, descending = false): number[] =>
  keys("byTitle", limit, (cursor) => [limit, cursor, descending]);
const years = (from: number, to: number, descending = false): number[] =>
  keys("years", 2, (cursor) => [from, to, 2, cursor, descending]);
const word = (text: string): number[] => keys("withWord", 2, (cursor) => [text, 2, cursor]);
const titled = (text: string): number[] => keys("titled", 2, (cursor) => [text, 2, cursor]);

describe("IndexedMap", () => {
  beforeEach(() => {
    library.command("put", 3, "b", 1990);
    library.command("put", 1, "c d", 1980);
    library.command("put", 2, "a d", 1990);
  });

  it("finds by key as a Mapping does", () => {
    expect(library.query("find", 1).value).toEqual(["c d", 1980, null]);
    expect(library.query("find", 9).value).toBeNull();
    expect(keys("all", 1, (cursor) => [1, cursor, false])).toEqual([1, 2, 3]);
    expect(keys("all", 2, (cursor) => [2, cursor, true])).toEqual([3, 2, 1]);
    expect(keys("between", 5, (cursor) => [2, 3, 5, cursor, false])).toEqual([2]);
  });

  it("finds by what values contain, in order, equals in the order of their keys", () => {
    expect(byTitle()).toEqual([2, 3, 1]);
    expect(byTitle(2, true)).toEqual([1, 3, 2]);
    expect(years(1990, 1991)).toEqual([2, 3]);
    expect(years(0, 1990)).toEqual([1]);
    expect(years(0, 65_535, true)).toEqual([3, 2, 1]);
    expect(word("d")).toEqual([1, 2]);
    expect((library.query("ofYear", 65_535).value as Shelf)[0]).toEqual([]);
  });

  it("follows every change, and writes no index that stays as it was", () => {
    const { writes } = library.command("put", 3, "b", 1991);
    expect(writes).toHaveLength(3);
    expect(years(1990, 1991)).toEqual([2]);
    library.command("drop", 2);
    expect(byTitle()).toEqual([3, 1]);
    expect(years(1990, 1992)).toEqual([3]);
    expect(library.command("drop", 2).writes).toHaveLength(1);
  });

  it("leaves no key of state behind", () => {
    for (const key of [1, 2, 3]) library.command("drop", key);
    expect(library.state.size).toBe(0);
  });

  it("keeps null out of an index", () => {
    library.caller = account(7);
    expect((library.query("lentTo", account(7)).value as Shelf)[0]).toEqual([]);
    library.command("lend", 2);
    expect((library.query("lentTo", account(7)).value as Shelf)[0]).toEqual([
      [2, ["a d", 1990, account(7)]],
    ]);
  });

  it("takes no text for the beginning of another, whatever bytes it holds", () => {
    const titles = ["x", "xy", "x\0", "x\0y", "", "\0", "x\x01", "x\0\x01"];
    for (const [index, title] of titles.entries()) library.command("put", 10 + index, title, 1);
    for (const [index, title] of titles.entries()) expect(titled(title)).toEqual([10 + index]);
  });

  it("fails when asked by another type than that of the index", () => {
    expect(library.query("askedByAnotherType").fault).toBe("PANIC");
  });

  it("property: is what a sorted list of a plain map is", () => {
    const title = fc.string({
      maxLength: 3,
      unit: fc.constantFrom("a", "b", " ", "\0", "\x01", "ÿ"),
    });
    const change = fc.record({ key: fc.nat(5), title, year: fc.nat(3), drops: fc.boolean() });
    const bytesOf = (text: string): Buffer => Buffer.from(text);
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 14 }),
        fc.integer({ min: 1, max: 4 }),
        (changes, limit) => {
          library = built.fresh();
          const model = new Map<number, { title: string; year: number }>();
          for (const { key, title: text, year, drops } of changes) {
            if (drops) {
              library.command("drop", key);
              model.delete(key);
            } else {
              library.command("put", key, text, year);
              model.set(key, { title: text, year });
            }
          }
          const sorted = [...model].toSorted(
            ([left, a], [right, b]) =>
              Buffer.compare(bytesOf(a.title), bytesOf(b.title)) || left - right,
          );
          expect(byTitle(limit)).toEqual(sorted.map(([key]) => key));
          expect(byTitle(limit, true)).toEqual(sorted.map(([key]) => key).toReversed());
          const ofYears = [...model]
            .filter(([, { year }]) => year >= 1 && year < 3)
            .toSorted(([left, a], [right, b]) => a.year - b.year || left - right);
          expect(years(1, 3)).toEqual(ofYears.map(([key]) => key));
          for (const [, { title: text }] of model) {
            const same = [...model].filter(([, other]) => other.title === text);
            expect(titled(text)).toEqual(same.map(([key]) => key).toSorted((a, b) => a - b));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("property: no cursor leads out of what was asked for", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 14 }), fc.boolean(), (cursor, descending) => {
        const between = library.query("years", 1985, 1995, 10, cursor, descending);
        for (const [key] of (between.value as Shelf | undefined)?.[0] ?? []) {
          expect([2, 3]).toContain(key);
        }
        const equal = library.query("withWord", "d", 10, cursor);
        for (const [key] of (equal.value as Shelf | undefined)?.[0] ?? []) {
          expect([1, 2]).toContain(key);
        }
      }),
      { numRuns: 150 },
    );
  });
});
