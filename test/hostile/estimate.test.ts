/**
 * ATTACKS 28 and 52: an estimate changes nothing, and tells nothing that a command would have to pay for.
 */
import { beforeEach, describe, expect, it } from "vitest";
import fc from "fast-check";
import { toHex } from "#protocol/bytes.ts";
import { coarseGas, encodeEstimate, parseEstimate, type Estimate } from "#protocol/estimate.ts";
import { COMMAND_GAS_MAX } from "#protocol/limits.ts";
import { startAsking } from "#test/support/asking.ts";
import { fixture } from "#test/support/fixtures.ts";
import type { Operator } from "#test/support/operator.ts";
import { ending, type RawClient, replyOf, sha256, valueOf } from "#test/support/raw-client.ts";
import { ok, type ScriptedHttp } from "#test/support/scripted-http.ts";
import { args, told } from "#test/support/values.ts";

let http: ScriptedHttp;
let operator: Operator;
let ann: RawClient;
let probe: Uint8Array;

beforeEach(async () => {
  ({ http, operator, ann } = await startAsking(() => ok("1")));
  probe = await ann.deployed(await fixture("probe"), { method: "open" });
});

/** What the enclave tells of a command, and the whole reply. */
async function estimated(
  contract: Uint8Array,
  method: string,
  values: Uint8Array,
  gasLimit: number = COMMAND_GAS_MAX,
): Promise<Estimate> {
  const body = { op: "estimate", method, args: values, gasLimit } as const;
  const reply = replyOf(await ann.submit(ann.envelope("query", contract, body)));
  expect(reply).toMatchObject({ events: [], logs: [], gasUsed: 0 });
  return parseEstimate(valueOf(reply));
}

describe("an estimate", () => {
  it("tells how a command would end and about what gas, and is no command", async () => {
    const { height, digest } = operator.info();
    expect(await estimated(probe, "add", args(5))).toMatchObject({ outcome: "returned" });
    expect(await estimated(probe, "addAtMost", args(5, 1))).toMatchObject({ outcome: "failed" });
    expect(await estimated(probe, "stop", args(1))).toMatchObject({ outcome: "TRAP" });
    expect(await estimated(probe, "stop", args(2))).toEqual({
      outcome: "OUT_OF_GAS",
      gas: COMMAND_GAS_MAX,
    });
    expect(await estimated(probe, "peek", args())).toMatchObject({ outcome: "METHOD_UNKNOWN" });
    expect(operator.info()).toMatchObject({ height, digest });
    expect(told(await ann.query(probe, "peek"))).toBe(0);
  });

  it("is enough gas for the command, and not much more", async () => {
    const { gas } = await estimated(probe, "add", args(5));
    const { gasUsed } = replyOf(await ann.command(probe, "add", args(5), gas));
    expect(gas).toBeGreaterThanOrEqual(gasUsed);
    expect(gas).toBeLessThanOrEqual(gasUsed * 1.25);
  });

  it("does not tell which of two secrets was right", async () => {
    const replies = await Promise.all(
      [new Uint8Array(2).fill(1), new Uint8Array(2).fill(9)].map((secret) =>
        estimated(probe, "keep", args(secret)),
      ),
    );
    expect(replies[0]).toEqual(replies[1]);
  });

  it("is a query, and of code that it names", async () => {
    const body = { op: "estimate", method: "add", args: args(5), gasLimit: 1e8 } as const;
    expect(ending(await ann.submit(ann.envelope("command", probe, body)))).toBe("ENVELOPE_KIND");
    const other = { ...body, codeHash: sha256(Uint8Array.of(1)) };
    const reply = await ann.submit(ann.envelope("query", probe, other));
    expect(parseEstimate(valueOf(reply))).toEqual({ outcome: "CODE_REPLACED", gas: 0 });
    expect(await estimated(new Uint8Array(32).fill(1), "add", args(5))).toEqual({
      outcome: "CONTRACT_UNKNOWN",
      gas: 0,
    });
  });

  it("asks the outside world, and never does anything there", async () => {
    const oracle = await ann.deployed(await fixture("oracle"), { method: "open" });
    expect(await estimated(oracle, "ask", args("https://rates.example/usd"))).toMatchObject({
      outcome: "returned",
    });
    expect(http.asked).toHaveLength(1);
    expect(await estimated(oracle, "tell", args("https://bank.example/pay"))).toMatchObject({
      outcome: "MODE_REFUSED",
    });
    expect(http.asked).toHaveLength(1);
    expect(ending(await ann.command(oracle, "tell", args("https://bank.example/pay")))).toBe(
      "returned",
    );
    expect(http.asked).toHaveLength(2);
    const digest = toHex(operator.info().digest);
    operator.restore({ rebuild: true });
    expect(toHex(operator.info().digest)).toBe(digest);
  });
});

describe("coarseGas()", () => {
  it("property: rounds up by a quarter at most, to few different numbers", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: COMMAND_GAS_MAX }), (gas) => {
        const coarse = coarseGas(gas);
        expect(coarse).toBeGreaterThanOrEqual(gas);
        expect(coarse).toBeLessThanOrEqual(gas * 1.25);
        expect(coarseGas(coarse)).toBe(coarse);
      }),
    );
    const steps = new Set(Array.from({ length: 100_000 }, (_, i) => coarseGas(1e6 + i * 10)));
    expect(steps.size).toBeLessThan(8);
  });

  it("property: an estimate survives its byte form", () => {
    const outcome = fc.constantFrom("returned", "failed", "TRAP", "CODE_REPLACED");
    fc.assert(
      fc.property(outcome, fc.nat(), (end, gas) => {
        const estimate = { outcome: end, gas } as Estimate;
        expect(parseEstimate(encodeEstimate(estimate))).toEqual(estimate);
      }),
    );
  });
});
