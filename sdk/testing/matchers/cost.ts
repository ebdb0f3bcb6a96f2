/**
 * `toCostLessThan`: a call must stay below a price.
 *
 * @module
 */
import type { MatcherState } from "vitest";
import { foundGasCheck, isCounting } from "#sdk/testing/insight/findings.ts";
import type { Verdict } from "#sdk/testing/matchers/matcher.ts";
import { gasOf, settle } from "#sdk/testing/matchers/received.ts";

export async function toCostLessThan(
  this: MatcherState,
  received: unknown,
  gas: number | bigint,
): Promise<Verdict> {
  const used = gasOf(await settle(received), "toCostLessThan");
  if (isCounting) {
    foundGasCheck();
    return { pass: this.isNot !== true, message: () => "" };
  }
  const pass = BigInt(used) < BigInt(gas);
  const relation = pass ? "at least" : "less than";
  return { pass, message: () => `expected a call of ${relation} ${gas} gas, but it used ${used}` };
}
