/**
 * An operator changes bytes of a stopped worker's data directory: ATTACKS 32, and 38 in part.
 *
 * Goal: every start ends in a coded refusal that names what is broken, or serves exactly the state that
 * was. Method: one byte flipped at seeded random places of every file, as the disk would do it and as an
 * attacker would, with the checksum put right; files cut and grown.
 *
 * @module
 */
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { named, prepare, tryStart, WHOLE, type Prepared } from "./support/damage.ts";
import { editRecords, usedBytes } from "./support/records.ts";
import { seeded } from "./support/seeded.ts";
import { Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
const random = seeded();
let prepared: Prepared;
let snapshot: string;

beforeAll(async () => {
  prepared = await prepare(site, "data");
  snapshot = readdirSync(prepared.data).find((name) => name.startsWith("snapshot-")) ?? "";
});

/** Starts on a copy that was edited. @returns What came of it, which is one of the two right things. */
async function startAfter(edit: (directory: string) => void): Promise<string> {
  const directory = site.copy(prepared.data);
  edit(directory);
  const start = await tryStart(prepared, directory);
  rmSync(directory, { recursive: true });
  if (start.kind === "served") expect(start).toEqual(WHOLE);
  return named(start);
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
  writeFileSync(path, bytes);
}

const files = ["log/entries", "deltas", "receipts", "cluster.sealed", "config.json", "SNAPSHOT"];
/** A refusal that says which file, or which sealed thing and where; or the right state. */
const NAMED =
  /^(served|HRM42\d\d .*(entries|deltas|receipts|json|snapshot-\d+)|HRM4106\/5\d\d (cluster|delta|height|piece|version) .*)$/;
const nameOf = (file: string) => (file === "SNAPSHOT" ? snapshot : file);

describe("one byte flipped", () => {
  it.each(files)("anywhere in %s is refused by name, or changes nothing", async (file) => {
    const used = usedBytes(join(prepared.data, nameOf(file)));
    for (let round = 0; round < 8; round++) {
      // The first few bytes, which say what the file is, are few but matter.
      const at = round < 2 ? random.below(16) : random.below(used);
      const end = await startAfter((directory) => flip(join(directory, nameOf(file)), at));
      expect(end, `bit of byte ${at}`).toMatch(NAMED);
    }
  });

  it.each(["log/entries", "deltas", "SNAPSHOT"])(
    "in a record of %s, its checksum put right, is found by the enclave",
    async (file) => {
      for (let round = 0; round < 6; round++) {
        let number = 0;
        const end = await startAfter((directory) => {
          editRecords(join(directory, nameOf(file)), (records) => {
            const [first, count] = file === "SNAPSHOT" ? [0, 1] : [records.length - 6, 6];
            const at = first + random.below(count);
            const bytes = Buffer.from(records[at]?.bytes ?? []);
            number = records[at]?.number ?? 0;
            const place = random.below(bytes.length);
            bytes[place] = (bytes[place] as number) ^ (1 << random.below(8));
            return records.with(at, { number, bytes });
          });
        });
        const thing = { "log/entries": "height", deltas: "delta", SNAPSHOT: "piece" }[file];
        expect(end, `record ${number}`).toMatch(/^HRM4106\/50[2-8] /);
        expect(end, `record ${number}`).toContain(thing);
      }
    },
  );

  it("in the space written ahead of the log changes nothing", async () => {
    const path = join(prepared.data, "log/entries");
    const [used, { size }] = [usedBytes(path), statSync(path)];
    for (const at of [used + 100, used + random.below(size - used), size - 1]) {
      expect(await startAfter((directory) => flip(join(directory, "log/entries"), at))).toBe(
        "served",
      );
    }
  });

  it("in a receipt, its checksum put right, changes nothing but that receipt", async () => {
    const end = await startAfter((directory) => {
      editRecords(join(directory, "receipts"), (records) => {
        return records.map(({ number, bytes }) => {
          const changed = Buffer.from(bytes);
          if (changed.length > 0) changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
          return { number, bytes: changed };
        });
      });
    });
    expect(end).toBe("served");
  });
});

describe("a file cut short", () => {
  it.each(files)("%s is refused by name, or made again", async (file) => {
    const used = usedBytes(join(prepared.data, nameOf(file)));
    for (const size of [0, 3, 1 + random.below(used - 2), used - 1]) {
      const end = await startAfter((directory) =>
        truncateSync(join(directory, nameOf(file)), size),
      );
      expect(end, `${size} bytes`).toMatch(NAMED);
    }
  });
});

describe("a file grown", () => {
  it.each(files)("%s is refused by name, or the rest is cut", async (file) => {
    const junk = [
      Buffer.alloc(100),
      Buffer.from(Array.from({ length: 99 }, () => random.below(256))),
    ];
    for (const more of junk) {
      const end = await startAfter((directory) => {
        appendFileSync(join(directory, nameOf(file)), more);
      });
      expect(end).toMatch(NAMED);
    }
  });
});
