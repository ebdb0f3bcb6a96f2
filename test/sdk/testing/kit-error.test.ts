/**
 * The kit's own errors: each has words.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { explain } from "#sdk/client/explain.ts";
import { testkitTable } from "#sdk/client/explain/testkit.ts";
import { kitError, kitErrors, type KitErrorName } from "#sdk/testing/errors/kit-error.ts";

describe("kitError()", () => {
  it("explains every code, and no other", () => {
    const codes = Object.values(kitErrors).map((number) => `HRM${number}`);
    expect(Object.keys(testkitTable).toSorted()).toEqual(codes.toSorted());
    for (const code of codes) expect(explain(code)?.fix, code).toMatch(/\.$/);
  });

  it("says what, why and what to do", () => {
    const names = Object.keys(kitErrors) as KitErrorName[];
    for (const name of names) {
      const { message, code } = kitError(name, "this very case");
      expect(message).toContain(": this very case.");
      expect(message).toContain(`[${code}]`);
    }
  });
});
