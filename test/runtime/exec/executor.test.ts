import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { FRAME_BYTES_MAX, SESSIONS_MAX, SESSION_IDLE_MS } from "#protocol/limits.ts";
import { sealEntry } from "#exec/entry.ts";
import { clusterOf, sealed, START } from "#test/support/entries.ts";
import { Operator, START_MS } from "#test/support/operator.ts";
import { call, ending, RawClient, replyOf } from "#test/support/raw-client.ts";
import { contractCore, RESULT } from "#test/support/contract.ts";
import { fixture } from "#test/support/fixtures.ts";
import { startWith } from "#test/support/started.ts";
import { args, returned, told } from "#test/support/values.ts";
import {
  add,
  brIf,
  call as callFunction,
  component,
  constant,
  get,
  loop,
  store32,
  tee,
} from "#test/support/wasm.ts";

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

describe("Executor, on sessions", () => {
  let operator: Operator;
  let ann: RawClient;
  let probe: Uint8Array;

  beforeEach(async () => {
    ({ operator, ann, contract: probe } = await startWith("probe"));
  });

  /** Opens sessions until the table is full and one more. */
  function crowd(timeMs: number): void {
    const { entries, name } = clusterOf(operator);
    const made = Array.from({ length: SESSIONS_MAX }, (_, index) => {
      const id = new Uint8Array(32);
      new DataView(id.buffer).setUint32(0, index);
      const session = { requestId: id, session: id.slice(0, 16), account: id, secret: id };
      return sealEntry(entries, name, {
        entry: { kind: "session", timeMs, ...session },
        after: START,
      });
    });
    for (let at = 0; at < made.length; at += 1000) operator.append(...made.slice(at, at + 1000));
  }

  it("never executes a command again by way of a dropped session's own entries", async () => {
    const command = ann.envelope("command", probe, call("add", args(5)));
    expect(ending(await ann.submit(command))).toBe("returned");
    const entries = operator.disk.log.slice();
    operator.clockMs = START_MS + SESSION_IDLE_MS + 1000;
    crowd(operator.clockMs);
    expect(ending(await ann.submit(command))).toBe("SESSION_UNKNOWN");
    operator.append(...entries);
    expect(ending(await ann.submit(command))).toBe("SESSION_UNKNOWN");
    operator.clockMs += SESSION_IDLE_MS + 1000;
    const bob = await RawClient.open(operator, 2);
    expect(told(await bob.query(probe, "peek"))).toBe(5);
  }, 60_000);

  it("takes no session from a future that the cluster's time has not reached", () => {
    const session = { requestId: new Uint8Array(32), session: new Uint8Array(16) };
    const secrets = { account: new Uint8Array(32), secret: new Uint8Array(32) };
    const timeMs = operator.clockMs + YEAR_MS + 1;
    operator.append(sealed(operator, { kind: "session", timeMs, ...session, ...secrets }));
    expect(operator.replies.has(toHex(session.requestId))).toBe(false);
  });
});

describe("Executor, on what engines need not agree about", () => {
  it("gives the same digest wherever the engine says that a call stopped", async () => {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator, 1);
    const probe = await ann.deployed(await fixture("probe"), { method: "open" });
    for (const how of [0, 1, 3, 4]) await ann.command(probe, "stop", args(how));
    const digest = toHex(operator.info().digest);
    const { stackTraceLimit } = Error;
    try {
      Error.stackTraceLimit = 0;
      operator.restore({ rebuild: true });
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    expect(toHex(operator.info().digest)).toBe(digest);
  });
});

describe("Executor, on very many tiny writes", () => {
  /** `command` removes 480,000 keys of three bytes, which gas allows. */
  const removals = component(
    contractCore({
      imports: ["state.remove"],
      locals: [[1, 0x7f]],
      command: [
        ...loop([
          ...constant(0x800),
          ...get(4),
          ...store32,
          ...constant(0x800),
          ...constant(3),
          ...callFunction(0),
          ...get(4),
          ...constant(1),
          add,
          ...tee(4),
          ...constant(440_000),
          0x48,
          ...brIf(0),
        ]),
        ...constant(RESULT),
      ],
    }),
  );
  let operator: Operator;
  let ann: RawClient;

  beforeAll(async () => {
    operator = new Operator().start();
    ann = await RawClient.open(operator, 1);
  });

  it("refuses a write set whose delta would not fit a frame, and goes on", async () => {
    const address = await ann.deployed(removals);
    const reply = replyOf(await ann.command(address, ""));
    expect(ending(reply)).toBe("STATE_WRITE_SET");
    const largest = Math.max(...operator.frames.map((frame) => frame.length));
    expect(largest).toBeLessThan(FRAME_BYTES_MAX);
    const probe = await ann.deployed(await fixture("probe"), { method: "open" });
    expect(returned(await ann.command(probe, "add", args(5)))).toBe(5);
  });

  it("keeps the largest step it lets through within a frame", async () => {
    const probe = await ann.deployed(await fixture("probe"), { method: "open", salt: args(1) });
    const amount = 5;
    const entries: Uint8Array[] = [];
    let last: Uint8Array = new Uint8Array(0);
    for (let i = 0; i < 12; i++) {
      const body = call("note", args(i * amount, amount, 1024 * 1024 - 64));
      const decision = await operator.request(ann.envelope("command", probe, body));
      if (decision.kind !== "admitted") throw new Error("a command is admitted");
      entries.push(decision.entry);
      last = decision.requestId;
    }
    const before = operator.frames.length;
    operator.append(...entries);
    await operator.reply(last);
    const frames = operator.frames.slice(before);
    expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThan(FRAME_BYTES_MAX);
    expect(frames.length).toBeGreaterThan(1);
    expect(returned(await ann.query(probe, "noteAt", args(59)))).toHaveLength(1024 * 1024 - 64);
  });
});
