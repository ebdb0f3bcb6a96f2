/**
 * Entries that the operator had made early and puts into the log late.
 */
import { describe, expect, it } from "vitest";
import { SESSIONS_MAX, SESSION_IDLE_MS } from "#protocol/limits.ts";
import { sealEntry } from "#exec/entry.ts";
import { clusterOf, START } from "#test/support/entries.ts";
import { Operator, START_MS, type Decision } from "#test/support/operator.ts";
import { call, ending, openSession, RawClient } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { args, told } from "#test/support/values.ts";

const MINUTE_MS = 60 * 1000;

function entryOf(decision: Decision): Uint8Array {
  if (decision.kind !== "admitted") throw new Error(`not admitted but ${decision.kind}`);
  return decision.entry;
}

/** Opens that many sessions of nobody, numbered from `first`. */
function crowd(operator: Operator, timeMs: number, first: number, count: number): void {
  const { entries, name } = clusterOf(operator);
  const made = Array.from({ length: count }, (_, index) => {
    const id = new Uint8Array(32);
    new DataView(id.buffer).setUint32(0, first + index);
    const session = { requestId: id, session: id.slice(0, 16), account: id, secret: id };
    return sealEntry(entries, name, {
      entry: { kind: "session", timeMs, ...session },
      after: START,
    });
  });
  for (let at = 0; at < made.length; at += 1000) operator.append(...made.slice(at, at + 1000));
}

describe("entries held back", () => {
  it("43: a session admitted twice, early and late, cannot be opened again once it was dropped", async () => {
    const operator = new Operator().start();
    const bob = await RawClient.open(operator, 2);
    const probe = await bob.deployed(await fixture("probe"), { method: "open" });
    // The certificate is dated in the middle: its dates allow ten minutes between the two.
    const info = operator.info();
    const middle = { certificate: { issuedAtMs: info.timeMs + 5 * MINUTE_MS } };
    const session = openSession(info, new Uint8Array(32).fill(1), middle);
    const early = entryOf(await operator.request(session.envelope));
    operator.clockMs = START_MS + 10 * MINUTE_MS;
    const late = entryOf(await operator.request(session.envelope));
    operator.clockMs = START_MS;
    operator.append(early);
    const ann = RawClient.of(operator, session, 1);
    const command = ann.envelope("command", probe, call("add", args(5)));
    const first = entryOf(await operator.request(command));
    const again = entryOf(await operator.request(command));
    operator.append(first);
    // Its session is the longest idle one when the table is full, and is dropped; one more could be.
    crowd(operator, START_MS + 1, 0, 1);
    operator.clockMs = START_MS + SESSION_IDLE_MS + MINUTE_MS;
    await bob.command(probe, "add", args(0));
    crowd(operator, operator.clockMs, 1, SESSIONS_MAX - 2);
    expect(await operator.request(command)).toMatchObject({ code: "SESSION_UNKNOWN" });
    operator.append(late, again);
    expect(told(await bob.query(probe, "peek"))).toBe(5);
    expect(ending(await ann.submit(command))).toBe("SESSION_UNKNOWN");
  }, 60_000);
});
