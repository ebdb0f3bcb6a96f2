import { beforeEach, describe, expect, it } from "vitest";
import { TIME_STEP_MS_MAX } from "#protocol/limits.ts";
import { START_MS, type Operator } from "#test/support/operator.ts";
import { call, ending, openSession, type RawClient } from "#test/support/raw-client.ts";
import { startWith } from "#test/support/started.ts";
import { returned, told } from "#test/support/values.ts";

describe("time in commands", () => {
  let operator: Operator;
  let ann: RawClient;
  let probe: Uint8Array;

  beforeEach(async () => {
    ({ operator, ann, contract: probe } = await startWith("probe"));
  });

  const stamp = async (): Promise<unknown> => told(await ann.command(probe, "stamp"));

  it("is the second in which the enclave admitted the command", async () => {
    operator.clockMs = START_MS + 61_999;
    expect(await stamp()).toBe(START_MS / 1000 + 61);
  });

  it("never runs back, whatever the operator does to the clock", async () => {
    operator.clockMs = START_MS + 60_000;
    const first = await stamp();
    for (const clockMs of [START_MS, 0, -1, START_MS + 59_999]) {
      operator.clockMs = clockMs;
      expect(await stamp()).toBe(first);
      expect(returned(await ann.query(probe, "when"))).toBe(first);
    }
    operator.clockMs = START_MS;
    operator.start();
    expect(operator.info().timeMs).toBe(START_MS + 60_000);
  });

  it("follows a step of a year", async () => {
    operator.clockMs = START_MS + TIME_STEP_MS_MAX;
    expect(await stamp()).toBe((START_MS + TIME_STEP_MS_MAX) / 1000);
  });

  it("does not follow a jump of more, and goes on once the clock is right again", async () => {
    operator.clockMs = START_MS + TIME_STEP_MS_MAX + 1;
    expect(await stamp()).toBe("TIME_REFUSED");
    operator.clockMs = START_MS + 1000;
    expect(await stamp()).toBe(START_MS / 1000 + 1);
  });

  it("keeps the order of the log when entries were admitted in another", async () => {
    const admitted = async (clockMs: number) => {
      operator.clockMs = clockMs;
      const envelope = ann.envelope("command", probe, call("stamp"));
      const decision = await operator.request(envelope);
      if (decision.kind !== "admitted") throw new Error("not admitted");
      return { envelope, decision };
    };
    const early = await admitted(START_MS + 5000);
    const late = await admitted(START_MS + 9000);
    operator.append(late.decision.entry, early.decision.entry);
    expect(told(await ann.query(probe, "when"))).toBe(START_MS / 1000 + 9);
  });

  it("does not let a clock turned back bring an old certificate to life", async () => {
    const old = openSession(operator.info(), new Uint8Array(32).fill(3));
    operator.clockMs = START_MS + 10 * 60_000;
    await stamp();
    operator.clockMs = START_MS;
    const decision = await operator.submit(old.envelope);
    expect(decision).toMatchObject({ kind: "rejected", code: "SESSION_CERTIFICATE" });
  });

  it("says `height` as the command's own place in the log", async () => {
    const reply = await ann.command(probe, "mark");
    expect(returned(reply)).toBe(operator.height);
    expect(returned(await ann.query(probe, "where"))).toBe(operator.height);
    expect(ending(reply)).toBe("returned");
  });
});
