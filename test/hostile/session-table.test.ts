/**
 * ATTACKS 30 and 44: the table of sessions when it is full, on enclaves that have lived and on restored ones.
 *
 * Goal: which session has to go is decided by the log alone. Method: a command that changed nothing, because
 * the state had moved, stands between an enclave that remembers it and one that never knew.
 */
import { expect, it } from "vitest";
import { sealEntry } from "#exec/entry.ts";
import { toHex } from "#protocol/bytes.ts";
import type { HttpResult } from "#protocol/http.ts";
import { SESSION_IDLE_MS, SESSIONS_MAX } from "#protocol/limits.ts";
import { RATE_URL, startOracle } from "#test/support/asking.ts";
import { clusterOf, START } from "#test/support/entries.ts";
import { Operator } from "#test/support/operator.ts";
import { call, RawClient } from "#test/support/raw-client.ts";
import { ok } from "#test/support/scripted-http.ts";
import { args } from "#test/support/values.ts";

/** As many sessions of strangers as there is still room for, all opened now. */
function fill(operator: Operator, taken: number): void {
  const { entries, name } = clusterOf(operator);
  const { clockMs: timeMs } = operator;
  const all = Array.from({ length: SESSIONS_MAX - taken }, (_, index) => {
    const account = new Uint8Array(32);
    new DataView(account.buffer).setUint32(0, index);
    const [requestId, session, secret] = [account, account.slice(0, 16), account];
    const entry = { kind: "session", timeMs, requestId, session, account, secret } as const;
    return sealEntry(entries, name, { entry, after: START });
  });
  operator.append(...all);
}

it("30 and 44: an entry that changed nothing does not decide who is idle", async () => {
  const { http, operator, ann, oracle } = await startOracle(() => ok("1"));
  const bob = await RawClient.open(operator, 2);
  const slow = Promise.withResolvers<HttpResult>();
  http.answer = () => slow.promise;
  const decided = operator.request(bob.envelope("command", oracle, call("ask", args(RATE_URL))));
  operator.clockMs += 1;
  await ann.command(oracle, "setTimes", args(2));
  slow.resolve(ok("late"));
  const stale = await decided;
  if (stale.kind !== "admitted") throw new Error("not admitted");
  fill(operator, 2);

  operator.clockMs += SESSION_IDLE_MS / 2;
  operator.tick();
  operator.append(stale.entry);
  const copy = new Operator({ disk: operator.copyDisk(), http });
  copy.clockMs = operator.clockMs;
  for (const each of [operator, copy]) each.clockMs += SESSION_IDLE_MS / 2 + 2;
  const boot = copy.restore();
  operator.append(boot);
  copy.append(boot);
  await RawClient.open(copy, 3);
  const [session] = copy.disk.log.slice(-1);
  operator.append(...(session === undefined ? [] : [session]));
  expect(toHex(operator.info().digest)).toBe(toHex(copy.info().digest));
}, 120_000);
