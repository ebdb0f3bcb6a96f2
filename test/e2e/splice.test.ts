/**
 * An operator rearranges a stopped worker's data directory: ATTACKS 33 to 37 and 44.
 *
 * Goal: whatever is swapped, deleted, repeated, aged or taken from another cluster is refused and named,
 * or made again from the log; the state is never a wrong one. Checksums are put right.
 *
 * @module
 */
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { FileRecord } from "#worker/log/record.ts";
import { named, prepare, tryStart, WHOLE, type Prepared } from "./support/damage.ts";
import { editRecords, readRecords, usedBytes } from "./support/records.ts";
import { Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
let own: Prepared;
let other: Prepared;
/** Names of the newest snapshot, of the one before, and of the other cluster's. */
let newest: string;
let older: string;
let foreign: string;

const snapshotIn = (directory: string) =>
  readdirSync(directory).find((name) => /^snapshot-\d+$/.test(name)) ?? "";

beforeAll(async () => {
  own = await prepare(site, "own");
  other = await prepare(site, "other");
  [newest, older, foreign] = [own.data, own.earlier, other.data].map(snapshotIn) as [
    string,
    string,
    string,
  ];
});

type Edit = (directory: string) => void;

async function startAfter(edit: Edit, rebuild = false): Promise<string> {
  const directory = site.copy(own.data);
  edit(directory);
  const start = await tryStart(own, directory, rebuild);
  if (start.kind === "served") expect(start).toEqual(WHOLE);
  rmSync(directory, { recursive: true });
  return named(start);
}

/** Two records in each other's place, under the number of that place. `at` counts from the end if negative. */
function swapped(records: readonly FileRecord[], at: number): FileRecord[] {
  const [one, two] = records.slice(at).slice(0, 2) as [FileRecord, FileRecord];
  const place = records.indexOf(one);
  return records
    .with(place, { number: one.number, bytes: two.bytes })
    .with(place + 1, { number: two.number, bytes: one.bytes });
}

function recordAt(records: readonly FileRecord[], at: number): FileRecord {
  const record = records.at(at);
  if (record === undefined) throw new RangeError(`there is no record ${at}`);
  return record;
}

const edit =
  (name: string, change: (records: FileRecord[]) => FileRecord[]): Edit =>
  (directory) =>
    editRecords(join(directory, name), change);
const flipLast =
  (name: string): Edit =>
  (directory) => {
    const path = join(directory, name);
    const bytes = readFileSync(path);
    const last = usedBytes(path) - 1;
    bytes[last] = (bytes[last] as number) ^ 1;
    writeFileSync(path, bytes);
  };
const remove =
  (...names: (() => string)[]): Edit =>
  (directory) => {
    for (const name of names) rmSync(join(directory, name()));
  };
const earlier =
  (...names: string[]): Edit =>
  (directory) => {
    for (const name of names) copyFileSync(join(own.earlier, name), join(directory, name));
  };
const of =
  (name: string): (() => string) =>
  () =>
    name;

describe("an operator", () => {
  const cases: readonly (readonly [what: string, edit: Edit, end: RegExp])[] = [
    [
      "swaps two log entries",
      edit("log/entries", (all) => swapped(all, -4)),
      /^HRM4106\/508 height \d+$/,
    ],
    [
      "leaves out a log entry",
      edit("log/entries", (all) => all.toSpliced(-4, 1)),
      /^HRM4209 height \d+ entries$/,
    ],
    [
      "leaves out a log entry and counts the others anew",
      edit("log/entries", (all) =>
        all.toSpliced(-4, 1).map(({ bytes }, at) => ({ number: at + 1, bytes })),
      ),
      /^HRM4(209 height \d+ entries|106\/50[68] height \d+.*)$/,
    ],
    [
      "repeats a log entry at the end",
      edit("log/entries", (all) => [
        ...all,
        { number: all.length + 1, bytes: recordAt(all, -2).bytes },
      ]),
      /^served$/,
    ],
    ["deletes the log", remove(of("log/entries")), /^HRM4209 height 1 entries$/],
    ["puts an older log in place", earlier("log/entries"), /^HRM4209 height \d+ entries$/],
    ["swaps two deltas", edit("deltas", (all) => swapped(all, 0)), /^HRM4106\/503 delta \d+$/],
    [
      "leaves out a delta",
      edit("deltas", (all) => all.toSpliced(1, 1)),
      /^HRM4106\/503 delta \d+$/,
    ],
    [
      "repeats a delta under the next number",
      edit("deltas", (all) => [
        ...all,
        { number: recordAt(all, -1).number + 1, bytes: recordAt(all, 0).bytes },
      ]),
      // What is sealed must never reach further than the log.
      /^HRM4209 height \d+ entries$/,
    ],
    ["leaves out the last delta", edit("deltas", (all) => all.slice(0, -1)), /^served$/],
    ["deletes the deltas", remove(of("deltas")), /^served$/],
    ["puts older deltas in place", earlier("deltas"), /^served$/],
    ["deletes the receipts", remove(of("receipts")), /^served$/],
    ["deletes the snapshot", remove(() => newest), /^HRM4106\/503 delta \d+$/],
    [
      "deletes snapshot, deltas and receipts",
      remove(() => newest, of("deltas"), of("receipts")),
      /^HRM4106\/503 newest \d+ snapshot 0$/,
    ],
    [
      "puts an older snapshot in place of the newest",
      (directory) => {
        rmSync(join(directory, newest));
        earlier(older)(directory);
      },
      /^HRM4106\/50[13] /,
    ],
    [
      "puts an older snapshot with its deltas under the newer log",
      (directory) => {
        rmSync(join(directory, newest));
        earlier(older, "deltas", "receipts")(directory);
      },
      /^HRM4106\/501 newest \d+ snapshot \d+$/,
    ],
    [
      "gives an older snapshot the name of the newest",
      (directory) => copyFileSync(join(own.earlier, older), join(directory, newest)),
      /^HRM4106\/50[123] /,
    ],
    ["deletes the keys", remove(of("cluster.sealed")), /^HRM4204 cluster\.sealed$/],
    ["deletes the hardware's secret", remove(of("simulated-tee/secret")), /^HRM4204 secret$/],
    ["deletes the configuration", remove(of("config.json")), /^HRM4204 config\.json$/],
  ];

  it.each(cases)("who %s gets a named refusal or the right state", async (_, change, end) => {
    expect(await startAfter(change)).toMatch(end);
  });

  /** Records of the other cluster, as far as the own log reaches: more of them tells on itself (HRM4209). */
  const foreignRecords =
    (name: string): Edit =>
    (directory) => {
      const reach = readRecords(join(directory, "log/entries")).length;
      const records = readRecords(join(other.data, name));
      editRecords(join(directory, name), () => records.filter(({ number }) => number <= reach));
    };
  const foreignFiles =
    (...names: string[]): Edit =>
    (directory) => {
      for (const name of names) copyFileSync(join(other.data, name), join(directory, name));
    };
  const foreignSnapshot: Edit = (directory) => {
    copyFileSync(join(other.data, foreign), join(directory, newest));
  };

  it.each<readonly [what: string, put: Edit, end: RegExp]>([
    ["the keys", foreignFiles("cluster.sealed"), /^HRM4106\/502 cluster 1$/],
    [
      "keys and hardware",
      foreignFiles("cluster.sealed", "simulated-tee/secret"),
      /^HRM4106\/50[24] /,
    ],
    ["the log", foreignFiles("log/entries"), /^HRM4(106\/507|209) /],
    ["the deltas", foreignRecords("deltas"), /^HRM4106\/50[24] delta \d+$/],
    ["the snapshot", foreignSnapshot, /^HRM4106\/50[24] piece 0 snapshot \d+$/],
    ["the receipts", foreignRecords("receipts"), /^served$/],
  ])("cannot put %s of another cluster in place", async (_, put, end) => {
    expect(await startAfter(put)).toMatch(end);
  });
});

describe("--rebuild", () => {
  it.each([
    ["a lost snapshot", remove(() => newest)],
    [
      "an old snapshot",
      (directory: string) => {
        rmSync(join(directory, newest));
        earlier(older, "deltas")(directory);
      },
    ],
    ["broken deltas", edit("deltas", (all) => swapped(all, 0))],
    ["lost receipts", remove(of("receipts"))],
  ])("recovers from %s", async (_, change) => {
    expect(await startAfter(change, true)).toBe("served");
  });

  /** The height that the newest delta was made at: so far the log must reach. */
  const confirmed = (directory: string) =>
    recordAt(readRecords(join(directory, "deltas")), -1).number;
  /** The log up to a height, from the confirmed one. */
  const cut = (directory: string, by: number) => {
    const height = confirmed(directory) + by;
    edit("log/entries", (all) => all.filter(({ number }) => number <= height))(directory);
  };

  it.each<readonly [what: string, change: Edit]>([
    ["is gone", remove(of("log/entries"))],
    ["lost an entry at its end", (directory) => cut(directory, -1)],
    [
      "has a flipped byte in its last entry",
      (directory) => {
        cut(directory, 0);
        flipLast("log/entries")(directory);
      },
    ],
    [
      "lost an entry at its end, and the receipts are broken",
      (directory) => {
        cut(directory, -1);
        writeFileSync(join(directory, "receipts"), "no receipts");
      },
    ],
  ])("cuts and removes nothing when the log %s", async (what, change) => {
    const directory = site.copy(own.data);
    change(directory);
    const height = what === "is gone" ? 1 : confirmed(directory);
    expect(named(await tryStart(own, directory, true))).toBe(`HRM4209 height ${height} entries`);
    expect(readdirSync(directory)).toContain(newest);
    copyFileSync(join(own.data, "log/entries"), join(directory, "log/entries"));
    expect(await tryStart(own, directory, true)).toEqual(WHOLE);
  });

  it("says which thing it cannot remove", async () => {
    const directory = site.copy(own.data);
    rmSync(join(directory, "deltas"));
    mkdirSync(join(directory, "deltas"));
    expect(named(await tryStart(own, directory, true))).toMatch(/^HRM42\d\d deltas \(.*EISDIR\)$/);
  });

  it("removes nothing that the worker did not make", async () => {
    const directory = site.copy(own.data);
    const kept = ["deltas.bak", "receipts-2025", "snapshot-of-may"];
    for (const name of kept) writeFileSync(join(directory, name), "mine");
    expect(await tryStart(own, directory, true)).toEqual(WHOLE);
    expect(readdirSync(directory)).toEqual(expect.arrayContaining(kept));
  });

  it("removes nothing when the log itself is broken", async () => {
    const directory = site.copy(own.data);
    editRecords(join(directory, "log/entries"), (all) => all.toSpliced(5, 1));
    expect(named(await tryStart(own, directory, true))).toMatch(/^HRM4209 height 6 entries$/);
    expect(readdirSync(directory)).toContain(newest);
    cpSync(join(own.data, "log"), join(directory, "log"), { recursive: true });
    expect(await tryStart(own, directory)).toEqual(WHOLE);
  });
});
