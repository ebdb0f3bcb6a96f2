/**
 * Pages of `Mapping` and `KeySet`: in order, complete, and never outside of what was asked for, whatever the cursor.
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
type Names = [names: string[], next: Cursor];

function noted(limit: number, cursor: Cursor = null, descending = false): Names {
  const outcome = library.query("noted", limit, cursor, descending);
  expect(outcome.fault).toBeUndefined();
  return outcome.value as Names;
}

/** All pages of a walk. */
function walk(limit: number, descending = false): string[] {
  const names: string[] = [];
  let cursor: Cursor = null;
  do {
    const [page, next]: Names = noted(limit, cursor, descending);
    expect(page.length).toBeLessThanOrEqual(limit);
    names.push(...page);
    cursor = next;
  } while (cursor !== null);
  return names;
}

describe("Mapping.keys()", () => {
  it("gives nothing of an empty map, and neither its neighbours nor other fields", () => {
    library.command("after", 1, "x");
    expect(noted(10)).toEqual([[], null]);
    library.command("note", "a", 1);
    expect(noted(10)).toEqual([["a"], null]);
  });

  it("gives each key once, in order and in reverse, at any size of page", () => {
    const names = ["b", "a", "ab", "", "z", "\0", "a\0", "é", "🜁", "ÿ"];
    for (const name of names) library.command("note", name, 1);
    const sorted = names.toSorted((left, right) =>
      Buffer.compare(Buffer.from(left), Buffer.from(right)),
    );
    for (const limit of [1, 2, 3, 9, 10, 11, 1_000]) {
      expect(walk(limit)).toEqual(sorted);
      expect(walk(limit, true)).toEqual(sorted.toReversed());
    }
  });

  it("ends with null exactly at the end, also where the last page is full", () => {
    for (const name of ["a", "b"]) library.command("note", name, 1);
    expect(noted(2)[1]).toBeNull();
    expect(noted(1)[1]).not.toBeNull();
    expect(noted(1, noted(1)[1])).toEqual([["b"], null]);
  });

  it("goes on where it was when the key of the cursor is gone, or others have come", () => {
    for (const name of ["a", "c", "e"]) library.command("note", name, 1);
    const [, cursor] = noted(2);
    library.command("forget", "c");
    library.command("note", "b", 1);
    library.command("note", "d", 1);
    expect(noted(10, cursor)[0]).toEqual(["d", "e"]);
  });

  it("takes keys of the greatest length, and cursors made of them", () => {
    const long = "k".repeat(128 - "notes\0".length);
    for (const name of [long, "l"]) library.command("note", name, 1);
    expect(walk(1)).toEqual([long, "l"]);
    expect(walk(1, true)).toEqual(["l", long]);
  });

  it("sees what its own command has written and removed", () => {
    library.command("note", "b", 1);
    expect(library.command("churn").value).toEqual(["a", "c", "c", "b"]);
  });

  it("walks over 100,000 entries in one call", () => {
    const count = 100_000;
    const key = (index: number): Uint8Array =>
      Uint8Array.from(Buffer.from(`notes\0${String(index).padStart(8, "0")}`));
    library.state.apply(
      Array.from({ length: count }, (_, index) => [key(index), Uint8Array.of(1)]),
    );
    const outcome = library.query("sum");
    expect(outcome.panic ?? outcome.fault).toBeUndefined();
    expect(outcome.value).toBe(count);
  });

  it("refuses a page of no items and one over the limit", () => {
    expect(library.query("noted", 0, null, false).panic).toBe("a page has at least one item");
    expect(library.query("noted", 1_001, null, false).fault).toBe("STATE_SCAN");
  });

  it("refuses a cursor that is longer than any key", () => {
    const cursor = new Uint8Array(200);
    expect(library.query("noted", 1, cursor, false).panic).toBe(
      "this is no cursor of the collection",
    );
  });
});

describe("Mapping.range()", () => {
  const range = (from: string, to: string, cursor: Cursor = null, limit = 10): Names =>
    library.query("notedBetween", from, to, limit, cursor).value as Names;

  beforeEach(() => {
    for (const [index, name] of ["a", "b", "c", "d"].entries())
      library.command("note", name, index);
  });

  it("goes from the first bound on and ends before the second", () => {
    expect(range("b", "d")).toEqual([["b=1", "c=2"], null]);
    expect(range("b", "b")).toEqual([[], null]);
    expect(range("d", "a")).toEqual([[], null]);
    expect(range("", "zz")[0]).toHaveLength(4);
  });

  it("property: no cursor leads out of it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (cursor) => {
        const [names] = range("b", "d", cursor);
        expect(["b=1", "c=2"]).toEqual(expect.arrayContaining(names));
      }),
      { numRuns: 200 },
    );
    expect(range("b", "d", new TextEncoder().encode("a"))[0]).toEqual(["b=1", "c=2"]);
    expect(range("b", "d", new TextEncoder().encode("b"))[0]).toEqual(["c=2"]);
    expect(range("b", "d", new TextEncoder().encode("d"))[0]).toEqual([]);
  });
});

describe("pages of other types of keys", () => {
  it("come in the order of the values", () => {
    const numbers = [0, -1, 1, -(2 ** 31), 2 ** 31 - 1, 256, -256];
    const blobs = [[], [0], [0, 0], [255], [1, 255], [2]].map((each) => Uint8Array.from(each));
    const wide = [0, 1, 255].map((last) => new Uint8Array(16).fill(last, 8));
    const wider = [255, 0, 7].map((first) => new Uint8Array(32).fill(first, 0, 3));
    expect(library.command("fill", numbers, blobs, wide, wider).fault).toBeUndefined();
    expect(library.query("numbers").value).toEqual(numbers.toSorted((a, b) => a - b));
    expect(library.query("blobs").value).toEqual(blobs.toSorted(Buffer.compare));
    expect(library.query("wide").value).toEqual(wide.toSorted(Buffer.compare));
    expect(library.query("wider").value).toEqual(wider.toSorted(Buffer.compare));
    expect(library.query("flags").value).toEqual([false, true]);
  });

  it("KeySet gives its members, and not its size", () => {
    for (const byte of [3, 1, 2]) {
      library.caller = account(byte);
      library.command("join");
    }
    expect(library.query("joined").value).toEqual([1, 2, 3].map(account));
  });
});
