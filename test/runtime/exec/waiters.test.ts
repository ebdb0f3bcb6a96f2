/**
 * A method that had to wait is not tried in vain the next time; nobody can tell by what it answers.
 *
 * @module
 */
import { beforeEach, describe, expect, it } from "vitest";
import type { HttpResult } from "#protocol/http.ts";
import { QUERY_CALLS_PER_ACCOUNT } from "#protocol/limits.ts";
import { RATE_URL, startOracle } from "#test/support/asking.ts";
import type { Operator } from "#test/support/operator.ts";
import { call, ending, type RawClient } from "#test/support/raw-client.ts";
import { ok, type ScriptedHttp } from "#test/support/scripted-http.ts";
import { args, returned, told } from "#test/support/values.ts";

describe("a method that waited last time", () => {
  let http: ScriptedHttp;
  let operator: Operator;
  let ann: RawClient;
  let oracle: Uint8Array;

  beforeEach(async () => {
    ({ http, operator, ann, oracle } = await startOracle(() => ok("rate")));
  });

  it("asks once for each call, and answers the same with the same gas", async () => {
    const results = [];
    for (let i = 0; i < 3; i++) results.push(await ann.query(oracle, "look", args(RATE_URL)));
    expect(results.map(told)).toEqual(["1:1:rate", "1:1:rate", "1:1:rate"]);
    const gas = results.map((result) => ("gasUsed" in result ? result.gasUsed : Number.NaN));
    expect(new Set(gas).size).toBe(1);
    expect(http.asked).toHaveLength(3);
  });

  it("ends at once when it has nothing to wait for, and is then tried so again", async () => {
    await ann.command(oracle, "setTimes", args(1));
    expect(returned(await ann.command(oracle, "ask", args(RATE_URL)))).toBe("rate");
    await ann.command(oracle, "setTimes", args(0));
    for (let i = 0; i < 3; i++)
      expect(ending(await ann.command(oracle, "ask", args(RATE_URL)))).toBe("returned");
    expect(http.asked).toHaveLength(1);
  });

  it("is answered although its places are taken, as long as it need not wait", async () => {
    const world = Promise.withResolvers<HttpResult>();
    await ann.command(oracle, "setTimes", args(1));
    await ann.command(oracle, "ask", args(RATE_URL));
    http.answer = () => world.promise;
    const waiting = Array.from({ length: QUERY_CALLS_PER_ACCOUNT }, () =>
      operator.request(ann.envelope("query", oracle, call("look", args(RATE_URL)))),
    );
    await ann.command(oracle, "setTimes", args(0));
    expect(ending(await ann.command(oracle, "ask", args(RATE_URL)))).toBe("returned");
    expect(ending(await ann.query(oracle, "look", args(RATE_URL)))).toBe("BUSY");
    world.resolve(ok("late"));
    await Promise.all(waiting);
  });
});
