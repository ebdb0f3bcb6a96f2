/**
 * ATTACKS 35 and 44: an operator rewrites history offline and has it replayed from the log alone.
 *
 * Goal: what was acknowledged cannot be taken out from under what came after it. What remains possible
 * is to cut the end off, which clients that remember a height notice.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { History } from "#exec/history.ts";
import { clusterOf, START } from "#test/support/entries.ts";
import { fixture } from "#test/support/fixtures.ts";
import { Operator } from "#test/support/operator.ts";
import { RawClient } from "#test/support/raw-client.ts";
import { args } from "#test/support/values.ts";
import { openEntry, sealEntry } from "#exec/entry.ts";

const DIVERGED = expect.objectContaining({ code: "LOG_DIVERGED" });

describe("35, 44: history rewritten offline", () => {
  let code: Uint8Array;

  beforeAll(async () => {
    code = await fixture("probe");
  });

  /** A log of boot, session, deployment and five commands; heights 4 to 8. */
  async function lived(): Promise<Operator> {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator);
    const probe = await ann.deployed(code, { method: "open" });
    for (let i = 1; i <= 5; i++) await ann.command(probe, "add", args(i));
    return operator;
  }

  const edits: [string, (log: Uint8Array[]) => void][] = [
    ["an acknowledged command is taken out", (log) => log.splice(4, 1)],
    ["two commands change places", (log) => log.splice(4, 2, log[5] as never, log[4] as never)],
    ["a command is put in twice", (log) => log.splice(4, 0, log[3] as never)],
    ["the session is opened later", (log) => log.splice(3, 0, ...log.splice(1, 1))],
  ];

  it.each(edits)("is refused when %s and the log is replayed", async (_, edit) => {
    const operator = await lived();
    edit(operator.disk.log);
    expect(() => operator.start({ rebuild: true })).toThrow(DIVERGED);
  });

  it.each(edits)("is refused when %s and the deltas are gone", async (_, edit) => {
    const operator = await lived();
    edit(operator.disk.log);
    operator.disk.deltas = [];
    expect(() => operator.start()).toThrow(DIVERGED);
  });

  it("is accepted as it was", async () => {
    const operator = await lived();
    const before = operator.info();
    operator.start({ rebuild: true });
    expect(operator.info().height).toBe(before.height + 1);
  });

  it("can still lose its end: the height tells", async () => {
    const operator = await lived();
    const { height } = operator.info();
    operator.disk.log.splice(-2);
    operator.start({ rebuild: true });
    expect(operator.info().height).toBe(height - 1);
  });

  it("stops an enclave that serves, when an entry of another history is appended to its log", async () => {
    const mine = await lived();
    const other = new Operator({ disk: mine.copyDisk() }).start();
    const ann = await RawClient.open(other, 2);
    expect(ann.account).toHaveLength(32);
    mine.start();
    const [entry] = other.disk.log.slice(-1);
    expect(() => mine.append(...(entry === undefined ? [] : [entry]))).toThrow(DIVERGED);
  });
});

describe("History.check()", () => {
  const at = (height: number, fill = height) => ({
    height,
    digest: new Uint8Array(32).fill(fill),
  });

  it("takes what it remembers, and what is too old to be remembered", () => {
    const history = new History(START);
    for (let height = 1; height <= 20_000; height++) history.remember(at(height, height % 251));
    history.check(at(19_999, 19_999 % 251), 20_001);
    history.check(at(1, 99), 20_001);
    expect(() => history.check(at(19_999, 7), 20_001)).toThrow(DIVERGED);
  });

  it("refuses a position at or after the entry's own", () => {
    const history = new History(START);
    expect(() => history.check(at(1), 1)).toThrow(DIVERGED);
    expect(() => history.check(at(9), 1)).toThrow(DIVERGED);
  });
});

describe("openEntry()", () => {
  it("gives back the position that was sealed with the entry", () => {
    const { entries, name } = clusterOf(new Operator().start());
    const after = { height: 2 ** 40, digest: new Uint8Array(32).fill(5) };
    const entry = { kind: "checkpoint", timeMs: 1, height: 3, digest: START.digest } as const;
    const sealed = sealEntry(entries, name, { entry, after });
    expect(openEntry(entries, name, sealed, 1)).toEqual({ entry, after });
  });
});
