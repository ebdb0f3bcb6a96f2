/**
 * `for … of` in contracts: it goes over what TypeScript's goes over, item by item.
 *
 * @module
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Guest } from "#test/support/guest.ts";

let loops: Guest;
beforeAll(async () => {
  loops = await Guest.build("test/sdk/fixtures/loops.ts");
});

describe("for … of", () => {
  it("property: takes the code points of a text, never half of one", () => {
    const texts = fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.toWellFormed());
    fc.assert(
      fc.property(texts, (text) => {
        const characters = [...text].filter((each) => each !== "-");
        expect(loops.query("characters", text).value).toEqual(characters);
      }),
    );
    expect(loops.query("characters", "e\u0301-👍🏽").value).toEqual(["e", "\u0301", "👍", "🏽"]);
  });

  it("sets a variable from before the loop", () => {
    expect(loops.query("last", "").value).toBe("");
    expect(loops.query("last", "a💰.b").value).toBe(".");
    expect(loops.query("last", "a💰").value).toBe("💰");
  });

  it("goes over arrays of arrays and lists of state", () => {
    const own = loops.fresh();
    own.command("keep", [1, 2, 3]);
    expect(own.query("sum", [[10, 20], [], [30]]).value).toBe(66);
  });
});
