/**
 * Goal: no input makes a parser of HTTP or egress answer with anything but a value or a listed error, and
 * what is taken means the same to the platform's own parsers.
 * Method: inputs are made of meaningful pieces and disturbed; `fuzz-long.ts` runs ten million of them, and
 * what it finds becomes a vector here.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnswer } from "#test/support/fuzz/responses.ts";
import { targetOf, targets } from "#test/support/fuzz/targets.ts";
import { Tape } from "#test/support/random/tape.ts";
import { tapes } from "#test/support/random/tapes.ts";

const RUNS = 300;
const TIMEOUT_MS = 120_000;

describe("parsers of hostile input", () => {
  it.each(targets)(
    "$name: any input is taken or refused as listed",
    async ({ run }) => {
      const verdicts = new Set<string>();
      const property = fc.asyncProperty(tapes, async (tape) => {
        verdicts.add(await run(new Tape(tape)));
      });
      await fc.assert(property, { numRuns: RUNS });
      // A search in which one of the two never happens tests nothing.
      expect(verdicts).toEqual(new Set(["taken", "refused"]));
    },
    TIMEOUT_MS,
  );

  it.each([
    [
      "HTTP/1.1 404 No\r\ntransfer-encoding: chunked\t\r\nx-a: b\r\n\r\n2;x=y\r\nab\r\n0\r\nx: y\r\n\r\n",
    ],
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\t\r\n\r\n2\r\nab\r\n0\r;x: y\r\n\r\n"],
  ])("take %j for the same wherever it is cut: no body ends with its connection", async (text) => {
    const bytes = Buffer.from(text, "latin1");
    for (let at = 0; at <= bytes.length; at++) {
      expect(await readAnswer([bytes.subarray(0, at), bytes.subarray(at)])).toBe("protocol");
    }
  });

  it("have their shares of a long run", () => {
    const counts = new Map<string, number>();
    for (let n = 0; n < 100; n++) {
      const { name } = targetOf(n);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual(
      Object.fromEntries(targets.map(({ name, share }) => [name, share])),
    );
  });
});
