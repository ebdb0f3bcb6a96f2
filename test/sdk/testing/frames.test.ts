/**
 * Positions in a contract's source, by our small reader against a full one; and stacks that are made of them.
 *
 * @module
 */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createWorld, type TestContract } from "hermetic/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { positionOf } from "#sdk/testing/contract/source-map.ts";
import ladder from "contract:ladder";
import workshop from "contract:workshop";

describe("positionOf()", () => {
  it("agrees with the reference implementation on a whole contract", () => {
    const reference = new TraceMap(workshop.map);
    let known = 0;
    for (let offset = 0; offset < workshop.wasm.length; offset += 7) {
      const { source, line, column } = originalPositionFor(reference, { line: 1, column: offset });
      const expected = source === null ? undefined : { file: source, line, column: column + 1 };
      expect(positionOf(workshop.map, offset), `offset ${offset}`).toEqual(expected);
      if (expected !== undefined) known++;
    }
    expect(known).toBeGreaterThan(500);
  });

  it("knows nothing before the first mapping", () => {
    expect(positionOf('{"sources":["a.ts"],"mappings":"UAEE"}', 9)).toBeUndefined();
    expect(positionOf('{"sources":["a.ts"],"mappings":"UAEE"}', 10)).toEqual({
      file: "a.ts",
      line: 3,
      column: 3,
    });
  });
});

describe("the stack of a failed call", () => {
  const path = join(import.meta.dirname, "fixtures/contracts/ladder.ts");
  const lines = readFileSync(path, "utf8").split("\n");
  /** A line of the stack for each mark in the contract: `name does`. */
  const expected = (...marks: string[]): string[] =>
    marks.map((mark) => {
      const [name = ""] = mark.split(" ");
      const line = lines.findIndex((text) => text.endsWith(`// ${mark}`)) + 1;
      expect(line, mark).toBeGreaterThan(0);
      return `${name} ladder.ts:${line}`;
    });
  const stackOf = async (call: Promise<unknown>): Promise<string[]> => {
    const error: unknown = await call.then(
      () => new Error("it has not failed"),
      (reason) => reason,
    );
    const stack = (error as Error).stack ?? "";
    return [...stack.matchAll(/^    at (?:\w+\.)?(\w+) \(.*\/(ladder\.ts:\d+):\d+\)$/gm)].map(
      (match) => `${match[1]} ${match[2]}`,
    );
  };
  let far: TestContract<(typeof ladder)["abi"]>;
  let near: TestContract<(typeof ladder)["abi"]>;

  beforeAll(async () => {
    const world = await createWorld();
    const next = world.account("nobody");
    far = await world.deploy(ladder, { args: { next } });
    near = await world.deploy(ladder, { args: { next: far.address } });
  });

  it("has every function on the way to a division by zero", async () => {
    const stack = expected("share divides", "step shares", "divide steps");
    expect(await stackOf(far.query.divide({ parts: 0n }))).toEqual(stack);
  });

  it("leads into an array that is too short", async () => {
    // A function of one expression may leave no line of its own.
    expect((await stackOf(far.query.read({ index: 3 }))).slice(-1)).toEqual(expected("read reads"));
    expect((await stackOf(far.query.readNothing())).at(-1)).toContain("readNothing ladder.ts");
  });

  it("leads to unreachable code", async () => {
    const [first] = await stackOf(far.query.stop());
    expect([first]).toEqual(expected("stopHere stops"));
  });

  it("has a line for each call of a function by itself", async () => {
    const counts = Array.from({ length: 20 }, () => "count counts");
    const stack = expected("share divides", "count shares", ...counts);
    expect(await stackOf(far.query.count({ depth: 20 }))).toEqual(stack);
  });

  it("leads to where the gas ran out", async () => {
    const burning = far.query.burn(undefined, { gasLimit: 1_000_000 });
    const [first = "", ...others] = await stackOf(burning);
    // The gas of a round is paid between two of them.
    const [burns = ""] = expected("burn burns");
    const lineOf = (frame: string): number => Number(frame.split(":")[1]);
    expect(Math.abs(lineOf(first) - lineOf(burns))).toBeLessThanOrEqual(1);
    expect(others).toEqual([]);
  });

  it("goes on in the contract that has called", async () => {
    const stack = ["share divides", "step shares", "divide steps", "climb divides"];
    expect(await stackOf(near.query.climb({ parts: 0n }))).toEqual(expected(...stack));
  });

  it("leaves out a failure that was caught", async () => {
    const stack = expected("share divides", "slip shares");
    expect(await stackOf(near.query.slip())).toEqual(stack);
  });
});
