import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "#protocol/fault.ts";
import { pack } from "#protocol/codec.ts";
import { SEQUENCE_WINDOW } from "#protocol/limits.ts";
import { Window } from "#session/window.ts";

/** What a window says about a number: nothing when it takes it. */
function use(window: Window, sequence: number): string | undefined {
  try {
    window.use(sequence);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

describe("Window", () => {
  it("takes every number once", () => {
    const window = new Window();
    for (let sequence = 1; sequence < 1000; sequence++) {
      expect(use(window, sequence)).toBe(undefined);
      expect(use(window, sequence)).toBe("SESSION_REPLAYED");
    }
  });

  it("keeps exactly the newest 256 numbers apart", () => {
    const window = new Window();
    expect(use(window, 1000)).toBe(undefined);
    expect(use(window, 1000 - SEQUENCE_WINDOW)).toBe("SESSION_SEQUENCE_OLD");
    expect(use(window, 1000 - SEQUENCE_WINDOW + 1)).toBe(undefined);
    expect(use(window, 1000 - SEQUENCE_WINDOW + 1)).toBe("SESSION_REPLAYED");
    expect(use(window, 1001)).toBe(undefined);
    expect(use(window, 1000 - SEQUENCE_WINDOW + 1)).toBe("SESSION_SEQUENCE_OLD");
  });

  it("takes no zero and nothing negative", () => {
    expect(use(new Window(), 0)).toBe("SESSION_SEQUENCE_OLD");
    expect(use(new Window(), -1)).toBe("SESSION_SEQUENCE_OLD");
  });

  it("jumps as far as numbers go without a trace of what was there before", () => {
    const window = new Window();
    for (let sequence = 1; sequence <= SEQUENCE_WINDOW; sequence++) use(window, sequence);
    expect(use(window, Number.MAX_SAFE_INTEGER)).toBe(undefined);
    for (let back = 1; back < SEQUENCE_WINDOW; back++) {
      expect(use(window, Number.MAX_SAFE_INTEGER - back)).toBe(undefined);
    }
    expect(use(window, Number.MAX_SAFE_INTEGER - SEQUENCE_WINDOW)).toBe("SESSION_SEQUENCE_OLD");
  });

  it("check() changes nothing", () => {
    const window = new Window();
    window.check(5);
    expect(use(window, 5)).toBe(undefined);
    expect(() => window.check(5)).toThrow("SESSION_REPLAYED");
  });

  it("property: agrees with a set of used numbers, through its byte form", () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: -300, max: 20 }) },
      { weight: 1, arbitrary: fc.constantFrom(255, 256, 257, 512, 100_000) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        let window = new Window();
        let highest = 0;
        const used = new Set<number>();
        for (const by of steps) {
          const sequence = Math.max(0, highest + by);
          const isOld = sequence < 1 || sequence <= highest - SEQUENCE_WINDOW;
          const expected = isOld
            ? "SESSION_SEQUENCE_OLD"
            : used.has(sequence)
              ? "SESSION_REPLAYED"
              : undefined;
          expect(use(window, sequence)).toBe(expected);
          used.add(sequence);
          if (expected === undefined) highest = Math.max(highest, sequence);
          window = Window.parse(window.encode());
        }
      }),
      { numRuns: 300 },
    );
  });

  it("property: any bytes are a window or SEAL_BROKEN", () => {
    const near = fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 40 })).map((fields) => pack(fields));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), near), (bytes) => {
        try {
          Window.parse(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: "SEAL_BROKEN" });
        }
      }),
    );
  });
});
