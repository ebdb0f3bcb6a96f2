/**
 * What a failure says, and what it must not say or pass on (ATTACKS 53, 86).
 *
 * @module
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeClearFault } from "#protocol/api.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import { clearFaultError, faultError } from "#sdk/client/errors/fault-error.ts";
import { printable } from "#sdk/client/errors/printable.ts";
import { ContractError, HermeticError, type CallReport } from "#sdk/client/index.ts";
import { fixture } from "#test/support/fixtures.ts";
import { LocalWorker, reply } from "#test/sdk/client/local-worker.ts";
import { probeAbi } from "#test/sdk/client/probe-abi.ts";

/** Enough of a report for the tests of messages. */
const report = { contract: "ab".repeat(32), method: "bid" } as CallReport;

describe("HermeticError", () => {
  it("says what happened, why, what to do, and its code", () => {
    const error = clientError("ROLLBACK", undefined, { facts: { height: 3, seen: 5 } });
    expect(error.message).toMatch(
      /^The worker shows an older state .* \(height 3, seen 5\)\. .+\. .+\. \[HRM2111\]$/,
    );
    expect(error).toMatchObject({
      name: "HermeticError",
      code: "HRM2111",
      kind: "trust",
      docs: "docs/errors.md#hrm2111",
    });
  });

  it("tells text and place of a panic, with control characters made visible", () => {
    const panic = { text: "no \u001b[31mbid\n", file: "a\u202e.ts", line: 3, column: 1 };
    const error = faultError({ kind: "fault", code: "PANIC", facts: {}, panic, trace: [] }, report);
    expect(error.message).toContain("no \\u{1b}[31mbid\\u{a} at a\\u{202e}.ts:3");
    expect(error.call).toBe(report);
    const panicOf = { kind: "fault", code: "PANIC", facts: {}, trace: [] } as const;
    const nowhere = faultError(
      { ...panicOf, panic: { text: "index out of range in 'bids'", file: "", line: 0, column: 0 } },
      report,
    );
    expect(nowhere.message).toContain("index out of range in 'bids'. An assertion failed");
  });

  it("shows numbers, never words, of a fault in the clear", () => {
    const facts = { limit: 5, "\u001b[2J": 1, "seed phrase is": 1, bad: Number.NaN };
    const error = clearFaultError({ number: 101, facts });
    expect(error).toMatchObject({ code: "HRM1101", facts: { limit: 5 } });
    expect(error.message).not.toContain("seed");
    expect(clearFaultError({ number: 7, facts: {} }).code).toBe("HRM1007");
    expect(clearFaultError({ number: 4503, facts: {} }).code).toBe("HRM4503");
    expect(clearFaultError({ number: 123_456_789, facts: {} }).message).toContain("does not know");
  });
});

describe("ContractError", () => {
  it("names its fields but not their values, which may be confidential", () => {
    const error = new ContractError({ name: "TooLow", args: { least: 77n } }, report);
    expect(error.message).toBe("bid of contract abababab… failed with TooLow { least }");
    expect(error.args).toEqual({ least: 77n });
    expect(error).toBeInstanceOf(Error);
  });
});

describe("printable()", () => {
  it("property: leaves no control character, and is never much longer than its limit", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 3000 }), (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(shown.length).toBeLessThan(25_000);
      }),
      { numRuns: 50 },
    );
    expect(printable("plain — ünï 漢")).toBe("plain — ünï 漢");
  });
});

describe("a worker process that answers nonsense", () => {
  it("property: gets nothing but coded errors out of the client, on every path", async () => {
    const wasm = await fixture("probe");
    const worker = new LocalWorker();
    const ann = await worker.account();
    const probe = await ann.deploy({ wasm, abi: probeAbi });
    const fault = fc
      .tuple(fc.nat(5000), fc.dictionary(fc.string(), fc.double(), { maxKeys: 3 }))
      .map(([number, facts]) => encodeClearFault({ number, facts }));
    const body = fc.oneof(fc.uint8Array({ maxLength: 400 }), fault);
    const status = fc.constantFrom(200, 400, 401, 404, 409, 413, 429, 500, 503, 504);
    await fc.assert(
      fc.asyncProperty(body, status, fc.nat(3), async (bytes, code, which) => {
        worker.intercept = () => Promise.resolve(reply(bytes, code));
        const options = { timeoutMs: 30 };
        const calls = [
          () => probe.query.peek({}, options),
          () => probe.command.announce({}, options),
          () => worker.connect(options),
          () => ann.deploy({ wasm, abi: probeAbi }, options),
        ];
        const error: unknown = await calls[which]?.().catch((caught: unknown) => caught);
        expect(error).toBeInstanceOf(HermeticError);
        expect((error as HermeticError).code).toMatch(/^HRM\d{4,}$/);
        expect((error as HermeticError).kind).not.toBe("internal");
      }),
      { numRuns: 50 },
    );
    worker.intercept = (_, next) => next();
    expect(await probe.query.peek()).toBe(0n);
  }, 60_000);
});
