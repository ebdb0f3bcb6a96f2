/**
 * Goal: the operator's word that nobody waits for a request ends a query at once, and cannot touch a command.
 * Method: an operator in memory who says so at every moment of a request's life.
 *
 * @module
 */
import { beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import type { HttpResult } from "#protocol/http.ts";
import { RATE_URL, startOracle } from "#test/support/asking.ts";
import { fixture } from "#test/support/fixtures.ts";
import type { Operator } from "#test/support/operator.ts";
import { call, ending, type RawClient } from "#test/support/raw-client.ts";
import { ok, type ScriptedHttp } from "#test/support/scripted-http.ts";
import { args, told } from "#test/support/values.ts";

describe("E62 word that nobody waits for a request any more", () => {
  let http: ScriptedHttp;
  let operator: Operator;
  let ann: RawClient;
  let oracle: Uint8Array;

  beforeEach(async () => {
    ({ http, operator, ann, oracle } = await startOracle(() => ok("in time")));
  });

  /** A call that waits for the world. */
  function waiting(kind: "query" | "command", method: string) {
    const world = Promise.withResolvers<HttpResult>();
    http.answer = () => world.promise;
    const envelope = ann.envelope(kind, oracle, call(method, args(RATE_URL)));
    return { envelope, decision: operator.request(envelope), world };
  }

  it("ends a query that waits, for good", async () => {
    const { envelope, decision, world } = waiting("query", "look");
    operator.cancel();
    expect(ending(ann.read(envelope, await decision))).toBe("CALL_TIMEOUT");
    world.resolve(ok("late"));
    operator.cancel();
    http.answer = () => ok("again");
    expect(told(await ann.query(oracle, "look", args(RATE_URL)))).toBe("1:1:again");
  });

  it("ends an estimate that waits", async () => {
    const estimate = { ...call("ask", args(RATE_URL)), op: "estimate" } as const;
    http.answer = () => new Promise(() => {});
    const envelope = ann.envelope("query", oracle, estimate);
    const decision = operator.request(envelope);
    operator.cancel();
    expect((await decision).kind).toBe("answered");
  });

  it("ends a query that computes, at its next slice", async () => {
    const probe = await ann.deployed(await fixture("probe"), { method: "open" });
    const envelope = ann.envelope("query", probe, call("grind", args(1_000_000_000)));
    const decision = operator.request(envelope);
    operator.cancel();
    expect(ending(ann.read(envelope, await decision))).toBe("CALL_TIMEOUT");
  });

  it("does nothing to a command, while it is tried ahead and when it is in the log", async () => {
    const { envelope, decision, world } = waiting("command", "ask");
    operator.cancel();
    world.resolve(ok("all the same"));
    const admitted = await decision;
    operator.cancel();
    if (admitted.kind !== "admitted") throw new Error("not admitted");
    operator.append(admitted.entry);
    operator.cancel();
    const reply = { kind: "answered", reply: await operator.reply(admitted.requestId) } as const;
    expect(told(ann.read(envelope, reply))).toBe("all the same");
    expect(told(await ann.query(oracle, "last"))).toBe("all the same");
    const digest = toHex(operator.info().digest);
    operator.restore({ rebuild: true });
    expect(toHex(operator.info().digest)).toBe(digest);
  });

  it("is nothing about a request that is answered, or that there never was", async () => {
    expect(told(await ann.query(oracle, "count"))).toBe(0);
    operator.cancel();
    operator.tell({ type: "cancel", id: 4_000_000 });
    expect(told(await ann.query(oracle, "count"))).toBe(0);
    expect(operator.aborted).toBeUndefined();
  });
});
