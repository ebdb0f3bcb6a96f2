import { beforeEach, describe, expect, it } from "vitest";
import { toHex, utf8 } from "#protocol/bytes.ts";
import type { HttpResult } from "#protocol/http.ts";
import { QUERY_CALLS_PER_ACCOUNT } from "#protocol/limits.ts";
import { Operator, type Decision } from "#test/support/operator.ts";
import { call, ending, RawClient, replyOf } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { ok, scriptedHttp, type ScriptedHttp } from "#test/support/scripted-http.ts";
import { args, heightOf, returned, told } from "#test/support/values.ts";

const URL = "https://rates.example/usd";

describe("HTTP in contracts", () => {
  let http: ScriptedHttp;
  let answer: () => HttpResult | Promise<HttpResult>;
  let operator: Operator;
  let ann: RawClient;
  let oracle: Uint8Array;

  beforeEach(async () => {
    let asked = 0;
    answer = () => ok(`rate ${++asked}`);
    http = scriptedHttp(() => answer());
    operator = new Operator({ http }).start();
    ann = await RawClient.open(operator, 1);
    oracle = await ann.deployed(await fixture("oracle"), { method: "open" });
  });

  /** Starts a call that waits for the world, and says when the world has answered. */
  function waiting(kind: "query" | "command", method: string) {
    const world = Promise.withResolvers<HttpResult>();
    answer = () => world.promise;
    const envelope = ann.envelope(kind, oracle, call(method, args(URL)));
    const decision = operator.request(envelope);
    const release = async (text: string): Promise<Decision> => {
      world.resolve(ok(text));
      return decision;
    };
    return { envelope, release };
  }

  it("is asked once for a command, and never again when the log is executed again", async () => {
    expect(returned(await ann.command(oracle, "ask", args(URL)))).toBe("rate 1");
    expect(http.asked).toEqual([{ method: "GET", url: URL, headers: [] }]);
    const digest = toHex(operator.info().digest);
    operator.restore({ rebuild: true });
    expect(toHex(operator.info().digest)).toBe(digest);
    expect(http.asked).toHaveLength(1);
  });

  it("answers several requests of one command in their order", async () => {
    await ann.command(oracle, "setTimes", args(3));
    expect(returned(await ann.command(oracle, "ask", args(URL)))).toBe("rate 3");
    expect(told(await ann.query(oracle, "count"))).toBe(3);
    expect(told(await ann.query(oracle, "last"))).toBe("rate 3");
  });

  it("refuses the 17th request of a call, the same live and in replay", async () => {
    await ann.command(oracle, "setTimes", args(17));
    const reply = await ann.command(oracle, "ask", args(URL));
    expect(ending(reply)).toBe("HTTP_LIMIT");
    expect(http.asked).toHaveLength(16);
    expect(told(await ann.query(oracle, "count"))).toBe(0);
  });

  it("hands a failed request to the contract as a value", async () => {
    answer = () => ({ error: "timeout" });
    expect(told(await ann.command(oracle, "ask", args(URL)))).toBe("");
    expect(told(await ann.query(oracle, "count"))).toBe(1);
  });

  it("changes nothing when state moved between the live run and the log", async () => {
    const { envelope, release } = waiting("command", "ask");
    await ann.command(oracle, "setTimes", args(2));
    const decision = await release("late");
    if (decision.kind !== "admitted") throw new Error("not admitted");
    operator.append(decision.entry);
    const reply = operator.replies.get(toHex(decision.requestId)) ?? new Uint8Array(0);
    const result = replyOf(ann.read(envelope, { kind: "answered", reply }));
    expect(ending(result)).toBe("HTTP_REPLAY_MISMATCH");
    expect(told(await ann.query(oracle, "count"))).toBe(0);
    expect(ending(await ann.submit(envelope))).toBe("SESSION_REPLAYED");
  });

  it("changes nothing either when fewer requests are made than were recorded", async () => {
    await ann.command(oracle, "setTimes", args(2));
    const { envelope, release } = waiting("command", "ask");
    await ann.command(oracle, "setTimes", args(1));
    const decision = await release("late");
    if (decision.kind !== "admitted") throw new Error("not admitted");
    operator.append(decision.entry);
    const reply = operator.replies.get(toHex(decision.requestId)) ?? new Uint8Array(0);
    expect(ending(ann.read(envelope, { kind: "answered", reply }))).toBe("HTTP_REPLAY_MISMATCH");
    expect(told(await ann.query(oracle, "count"))).toBe(0);
  });

  it("lets a waiting query see one state, while commands commit", async () => {
    const { envelope, release } = waiting("query", "look");
    const before = operator.height;
    await ann.command(oracle, "setTimes", args(7));
    const reply = ann.read(envelope, await release("slow"));
    expect(returned(reply)).toBe("1:1:slow");
    expect(heightOf(reply)).toBe(before);
  });

  it("discards what a live run wrote until its entry is executed", async () => {
    const { release } = waiting("command", "ask");
    await release("42");
    expect(told(await ann.query(oracle, "count"))).toBe(0);
  });

  it("shows the operator neither address nor answer", async () => {
    answer = () => ok("canary-in-the-answer");
    await ann.command(oracle, "ask", args(URL));
    operator.takeSnapshot();
    const shown = [...operator.frames, ...operator.disk.log].map((bytes) => Buffer.from(bytes));
    for (const canary of ["canary-in-the-answer", "rates.example"]) {
      expect(shown.some((bytes) => bytes.includes(utf8(canary)))).toBe(false);
    }
  });

  it("refuses what waits beyond its limit, in a way that the same command may come again", async () => {
    const world = Promise.withResolvers<HttpResult>();
    answer = () => world.promise;
    const body = call("look", args(URL));
    const queries = Array.from({ length: QUERY_CALLS_PER_ACCOUNT }, () =>
      operator.request(ann.envelope("query", oracle, body)),
    );
    expect(ending(await ann.query(oracle, "look", args(URL)))).toBe("BUSY");
    const command = ann.envelope("command", oracle, call("ask", args(URL)));
    expect(await operator.submit(command)).toMatchObject({ kind: "rejected", code: "BUSY" });
    world.resolve(ok("now"));
    await Promise.all(queries);
    expect(told(await ann.submit(command))).toBe("now");
    expect(told(await ann.query(oracle, "count"))).toBe(1);
  }, 60_000);
});
