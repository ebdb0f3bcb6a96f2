/**
 * Goal: a command is told what was recorded for it and nothing else, whoever executes its entry and whenever.
 * Method: one log, executed again by enclaves whose outside world says something else, or nothing at all.
 *
 * @module
 */
import { beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { HTTP_REQUESTS_MAX } from "#protocol/limits.ts";
import { RATE_URL, startOracle } from "#test/support/asking.ts";
import { Operator } from "#test/support/operator.ts";
import { ending, RawClient } from "#test/support/raw-client.ts";
import { ok, type ScriptedHttp } from "#test/support/scripted-http.ts";
import { args, returned, told } from "#test/support/values.ts";

describe("E66 requests in commands", () => {
  let http: ScriptedHttp;
  let operator: Operator;
  let ann: RawClient;
  let oracle: Uint8Array;

  beforeEach(async () => {
    ({ http, operator, ann, oracle } = await startOracle(() => ok("as recorded")));
  });

  it("are answered from the log, whatever the world says by then", async () => {
    expect(returned(await ann.command(oracle, "ask", args(RATE_URL)))).toBe("as recorded");
    for (const other of [ok("a lie"), { error: "tls" } as const]) {
      http.answer = () => other;
      const digest = toHex(operator.info().digest);
      const boot = operator.restore({ rebuild: true });
      expect(toHex(operator.info().digest)).toBe(digest);
      operator.append(boot);
      expect(told(await ann.query(oracle, "last"))).toBe("as recorded");
    }
    expect(http.asked).toHaveLength(1);
  });

  it("are as many as a call may make, and one more ends it, live and from the log", async () => {
    for (const [times, end] of [
      [HTTP_REQUESTS_MAX, "returned"],
      [HTTP_REQUESTS_MAX + 1, "HTTP_LIMIT"],
    ] as const) {
      await ann.command(oracle, "setTimes", args(times));
      expect(ending(await ann.command(oracle, "ask", args(RATE_URL)))).toBe(end);
    }
    const asked = http.asked.length;
    const digest = toHex(operator.info().digest);
    const boot = operator.restore({ rebuild: true });
    expect([toHex(operator.info().digest), http.asked.length]).toEqual([digest, asked]);
    operator.append(boot);
    expect(told(await ann.query(oracle, "count"))).toBe(HTTP_REQUESTS_MAX);
  });

  it("are the same for an enclave of another build, at every height, and for the first one after it", async () => {
    await ann.command(oracle, "ask", args(RATE_URL));
    await ann.command(oracle, "setTimes", args(HTTP_REQUESTS_MAX + 1));
    await ann.command(oracle, "ask", args(RATE_URL));
    http.answer = () => ok("another web");
    const asked = http.asked.length;
    const digest = toHex(operator.info().digest);
    const disk = operator.copyDisk();
    const other = new Operator({ http, disk, measurement: new Uint8Array(32).fill(0xb2) });
    const boot = other.restore({ rebuild: true });
    expect(toHex(other.info().digest)).toBe(digest);
    expect(other.info().evidence.measurement).not.toEqual(operator.info().evidence.measurement);
    // Deltas are sealed under fresh keys each time; what they hold is in the digest.
    expect(disk.deltas.map(({ lastHeight }) => lastHeight).at(-1)).toBe(operator.height);
    other.append(boot);
    const client = await RawClient.open(other, 2);
    expect(told(await client.query(oracle, "last"))).toBe("as recorded");
    await client.command(oracle, "setTimes", args(1));
    const back = new Operator({ http, disk: other.copyDisk() });
    back.restore({ rebuild: true });
    expect(toHex(back.info().digest)).toBe(toHex(other.info().digest));
    expect(http.asked).toHaveLength(asked);
  });

  it("that fail are recorded as failures, and stay so when the world is well again", async () => {
    http.answer = () => ({ error: "connect" });
    expect(returned(await ann.command(oracle, "ask", args(RATE_URL)))).toBe("");
    http.answer = () => ok("too late");
    operator.start({ rebuild: true });
    expect(told(await ann.query(oracle, "last"))).toBe("");
  });
});
