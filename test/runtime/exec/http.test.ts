import { beforeEach, describe, expect, it } from "vitest";
import { toHex, utf8 } from "#protocol/bytes.ts";
import type { HttpResult } from "#protocol/http.ts";
import { HTTP_RETRIES_MAX, QUERY_CALLS_PER_ACCOUNT } from "#protocol/limits.ts";
import { RATE_URL, startOracle } from "#test/support/asking.ts";
import type { Decision, Operator } from "#test/support/operator.ts";
import { call, ending, type RawClient, replyOf } from "#test/support/raw-client.ts";
import { ok, type ScriptedHttp } from "#test/support/scripted-http.ts";
import { args, heightOf, returned, told } from "#test/support/values.ts";

describe("HTTP in contracts", () => {
  let http: ScriptedHttp;
  let operator: Operator;
  let ann: RawClient;
  let oracle: Uint8Array;

  beforeEach(async () => {
    let asked = 0;
    ({ http, operator, ann, oracle } = await startOracle(() => ok(`rate ${++asked}`)));
  });

  /** Starts a call that waits for the world, and says when the world has answered. */
  function waiting(kind: "query" | "command", method: string) {
    const world = Promise.withResolvers<HttpResult>();
    http.answer = () => world.promise;
    const envelope = ann.envelope(kind, oracle, call(method, args(RATE_URL)));
    const decision = operator.request(envelope);
    const release = async (text: string): Promise<Decision> => {
      world.resolve(ok(text));
      return decision;
    };
    return { envelope, release };
  }

  it("is asked once for a command, and never again when the log is executed again", async () => {
    expect(returned(await ann.command(oracle, "ask", args(RATE_URL)))).toBe("rate 1");
    expect(http.asked).toEqual([{ method: "GET", url: RATE_URL, headers: [] }]);
    const digest = toHex(operator.info().digest);
    operator.restore({ rebuild: true });
    expect(toHex(operator.info().digest)).toBe(digest);
    expect(http.asked).toHaveLength(1);
  });

  it("answers several requests of one command in their order", async () => {
    await ann.command(oracle, "setTimes", args(3));
    expect(returned(await ann.command(oracle, "ask", args(RATE_URL)))).toBe("rate 3");
    expect(told(await ann.query(oracle, "count"))).toBe(3);
    expect(told(await ann.query(oracle, "last"))).toBe("rate 3");
  });

  it("refuses the 17th request of a call, the same live and in replay", async () => {
    await ann.command(oracle, "setTimes", args(17));
    const reply = await ann.command(oracle, "ask", args(RATE_URL));
    expect(ending(reply)).toBe("HTTP_LIMIT");
    expect(http.asked).toHaveLength(16);
    expect(told(await ann.query(oracle, "count"))).toBe(0);
  });

  it("hands a failed request to the contract as a value", async () => {
    http.answer = () => ({ error: "timeout" });
    expect(told(await ann.command(oracle, "ask", args(RATE_URL)))).toBe("");
    expect(told(await ann.query(oracle, "count"))).toBe(1);
  });

  /** The entry of a command that asked for something which the state no longer wants. */
  async function stale(method = "ask", moved: () => Promise<unknown> = () => move(2)) {
    const { envelope, release } = waiting("command", method);
    await moved();
    return { envelope, entry: entryOf(await release("late")) };
  }

  const move = (times: number) => ann.command(oracle, "setTimes", args(times));

  function entryOf(decision: Decision | undefined) {
    if (decision?.kind !== "admitted") throw new Error("not admitted");
    return decision;
  }

  async function executedReply(envelope: Uint8Array, requestId: Uint8Array) {
    return ann.read(envelope, { kind: "answered", reply: await operator.reply(requestId) });
  }

  describe("a command for which the state has moved", () => {
    it("changes nothing, tells nobody and is tried anew", async () => {
      const { envelope, entry } = await stale();
      const before = await ann.query(oracle, "count");
      http.answer = () => ok("fresh");
      operator.append(entry.entry);
      const again = entryOf(await operator.anew());
      expect(again.requestId).toEqual(entry.requestId);
      expect(operator.replies.has(toHex(entry.requestId))).toBe(false);
      expect(told(await ann.query(oracle, "count"))).toBe(told(before));
      operator.append(again.entry);
      expect(told(replyOf(await executedReply(envelope, entry.requestId)))).toBe("fresh");
      expect(told(await ann.query(oracle, "count"))).toBe(2);
      expect(await operator.anew()).toBeUndefined();
    });

    it("is tried anew also when fewer requests are made than were recorded, or the first one at all", async () => {
      for (const [from, to] of [
        [2, 1],
        [1, 0],
        [0, 1],
      ] as const) {
        await move(from);
        const { envelope, entry } = await stale("ask", () => move(to));
        http.answer = () => ok("fresh");
        operator.append(entry.entry);
        operator.append(entryOf(await operator.anew()).entry);
        expect(ending(await executedReply(envelope, entry.requestId))).toBe("returned");
      }
    });

    it("ends with a fault of its own once it has moved too often, and never comes again", async () => {
      const { envelope, entry } = await stale();
      http.answer = () => ok("fresh");
      let last = entry;
      for (let times = 0; times < HTTP_RETRIES_MAX; times++) {
        operator.append(last.entry);
        last = entryOf(await operator.anew());
        await move(3 + times);
      }
      operator.append(last.entry);
      const reply = await executedReply(envelope, entry.requestId);
      expect(ending(reply)).toBe("HTTP_REPLAY_MISMATCH");
      expect(await operator.anew()).toBeUndefined();
      expect(told(await ann.query(oracle, "count"))).toBe(0);
      expect(ending(await ann.submit(envelope))).toBe("SESSION_REPLAYED");
      operator.append(entry.entry);
      expect(told(await ann.query(oracle, "count"))).toBe(0);
    });

    it("69: is not tried anew when it has sent what must not come twice", async () => {
      const { envelope, entry } = await stale("tell");
      const asked = http.asked.length;
      operator.append(entry.entry);
      expect(ending(await executedReply(envelope, entry.requestId))).toBe("HTTP_REPLAY_MISMATCH");
      expect(await operator.anew()).toBeUndefined();
      expect(http.asked).toHaveLength(asked);
    });

    it("comes once, whichever of its entries stand in the log and how often", async () => {
      const { envelope, entry } = await stale();
      http.answer = () => ok("fresh");
      operator.append(entry.entry);
      const again = entryOf(await operator.anew());
      // Now the first of them would fit as well.
      await move(1);
      operator.append(entry.entry);
      expect(told(replyOf(await executedReply(envelope, entry.requestId)))).toBe("late");
      operator.append(again.entry, entry.entry, again.entry);
      expect(told(await ann.query(oracle, "count"))).toBe(1);
      const digest = toHex(operator.info().digest);
      operator.restore({ rebuild: true });
      expect(toHex(operator.info().digest)).toBe(digest);
    });

    it("may come again after a crash, from the client's own hand", async () => {
      const { envelope, entry } = await stale();
      operator.append(entry.entry);
      operator.start();
      http.answer = () => ok("fresh");
      expect(told(await ann.submit(envelope))).toBe("fresh");
      operator.append(entry.entry);
      expect(told(await ann.query(oracle, "count"))).toBe(2);
    });

    it("leaves nothing behind when the crash comes before its entry is in the log", async () => {
      const { envelope } = await stale();
      operator.start();
      expect(told(await ann.query(oracle, "count"))).toBe(0);
      http.answer = () => ok("fresh");
      expect(told(await ann.submit(envelope))).toBe("fresh");
      expect(told(await ann.query(oracle, "count"))).toBe(2);
    });

    it("is answered with that fault when the enclave cannot try it anew", async () => {
      const { envelope, entry } = await stale();
      const world = Promise.withResolvers<HttpResult>();
      http.answer = () => world.promise;
      const body = call("look", args(RATE_URL));
      const queries = Array.from({ length: QUERY_CALLS_PER_ACCOUNT }, () =>
        operator.request(ann.envelope("query", oracle, body)),
      );
      operator.append(entry.entry);
      operator.append(entryOf(await operator.anew()).entry);
      expect(ending(await executedReply(envelope, entry.requestId))).toBe("HTTP_REPLAY_MISMATCH");
      world.resolve(ok("now"));
      await Promise.all(queries);
    }, 60_000);
  });

  it("does not hold up other commands while it waits", async () => {
    const { release } = waiting("command", "ask");
    for (let times = 1; times <= 5; times++) await move(times);
    expect(told(await ann.query(oracle, "count"))).toBe(0);
    await release("late");
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
    http.answer = () => ok("canary-in-the-answer");
    await ann.command(oracle, "ask", args(RATE_URL));
    operator.takeSnapshot();
    const shown = [...operator.frames, ...operator.disk.log].map((bytes) => Buffer.from(bytes));
    for (const canary of ["canary-in-the-answer", "rates.example"]) {
      expect(shown.some((bytes) => bytes.includes(utf8(canary)))).toBe(false);
    }
  });

  it("refuses what waits beyond its limit, in a way that the same command may come again", async () => {
    const world = Promise.withResolvers<HttpResult>();
    http.answer = () => world.promise;
    const body = call("look", args(RATE_URL));
    const queries = Array.from({ length: QUERY_CALLS_PER_ACCOUNT }, () =>
      operator.request(ann.envelope("query", oracle, body)),
    );
    expect(ending(await ann.query(oracle, "look", args(RATE_URL)))).toBe("BUSY");
    const command = ann.envelope("command", oracle, call("ask", args(RATE_URL)));
    expect(await operator.submit(command)).toMatchObject({ kind: "rejected", code: "BUSY" });
    world.resolve(ok("now"));
    await Promise.all(queries);
    expect(told(await ann.submit(command))).toBe("now");
    expect(told(await ann.query(oracle, "count"))).toBe(1);
  }, 60_000);
});
