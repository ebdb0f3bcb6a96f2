/**
 * The same component under two glues: ours, and the one that jco writes for it.
 *
 * Contracts of the repository and one that puts everything through every host function are called with generated
 * arguments. Both hosts must see the same host functions in the same order with the same lifted arguments,
 * and give the same result, failure or trap and the same writes. `ORACLE_RUNS` makes it longer.
 */
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { hostFunctionKeys } from "#host/functions/table.ts";
import { build, type BuiltContract } from "#sdk/transform/index.ts";
import { TwoHosts } from "#test/support/oracle/comparison.ts";
import { powers, steps, type Step } from "#test/support/oracle/steps.ts";

const RUNS = Number(process.env["ORACLE_RUNS"] ?? 12);
const CALLS_MAX = 10;
const TIMEOUT_MS = 60_000 + RUNS * 2_000;
const root = join(import.meta.dirname, "../../..");
/** Has one method for each host function, so it takes many calls to come by all of them. */
const envoy = "test/host/vm/fixtures/envoy.ts";
const sources = [
  envoy,
  "contracts/auction/auction.ts",
  "contracts/price-oracle/price-oracle.ts",
  "contracts/token/token.ts",
  "templates/hello/contracts/hello.ts",
  "templates/oracle-http/contracts/oracle.ts",
];
/** What these contracts need not use: who calls others is in `test/host/functions`. */
const OTHERS: readonly string[] = ["contracts.call"];

const UNLIFTED: unknown = expect.stringContaining("invalid discriminant");

const seen = { calls: new Set<string>(), ends: new Set<string>(), limits: new Set<string>() };

function compare(hosts: TwoHosts, { mode, method, args, caller }: Step): void {
  const request = { method, args, gasLimit: Number.MAX_SAFE_INTEGER };
  const given = { ...powers, caller: Buffer.from(caller, "hex") };
  const { ours, theirs, isOurLimit, writes } = hosts.call(mode, request, given);
  for (const [key = ""] of ours.calls) seen.calls.add(key);
  if (isOurLimit) {
    seen.limits.add(ours.end);
    const whole = ours.calls.slice(0, -1);
    expect(theirs.calls.slice(0, whole.length)).toEqual(whole);
    // What cannot be lifted at all never arrives there: an enum out of range.
    const next = theirs.calls[whole.length]?.[0];
    if (next === undefined) expect([ours.end, theirs.end]).toEqual(["ABI_VIOLATION", UNLIFTED]);
    else expect(next).toBe(ours.calls.at(-1)?.[0]);
    return;
  }
  seen.ends.add(ours.end.split(" ")[0] ?? "");
  expect(theirs.calls).toEqual(ours.calls);
  expect(theirs.end).toBe(ours.end);
  expect(writes[1]).toEqual(writes[0]);
}

describe("our glue and jco's", () => {
  describe.each(sources)("agree on %s", (source) => {
    let contract: BuiltContract;
    let hosts: TwoHosts;

    beforeAll(async () => {
      const { contracts } = await build({ entry: join(root, source) });
      const [built] = contracts;
      if (built === undefined) throw new Error("nothing was built");
      contract = built;
      hosts = await TwoHosts.of(built.wasm);
    });

    it(
      "property: in whatever is called",
      () => {
        const init = contract.abi.methods.find(({ kind }) => kind === "init");
        const all = steps(contract);
        const first = init === undefined ? all : all.filter(({ method }) => method === init.name);
        const calls = fc.array(all, { minLength: 2, maxLength: CALLS_MAX, size: "max" });
        fc.assert(
          fc.property(first, calls, (one, others) => {
            hosts.reset();
            for (const step of [one, ...others]) compare(hosts, step);
          }),
          { numRuns: source === envoy ? 4 * RUNS : RUNS },
        );
      },
      TIMEOUT_MS,
    );
  });

  it("used every host function, and ended in every way", () => {
    const unused = hostFunctionKeys.filter((key) => !seen.calls.has(key));
    expect(unused.filter((key) => !OTHERS.includes(key))).toEqual([]);
    const ways = ["returned", "failed", "PANIC", "METHOD_UNKNOWN", "ARGUMENTS_MALFORMED"];
    expect([...seen.ends]).toEqual(expect.arrayContaining(ways));
  });
});
