/**
 * The files of a data directory besides the log: what is missing, damaged or of another version.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createReport } from "#worker/report.ts";
import { Deltas } from "#worker/store/deltas.ts";
import { DataDirectory } from "#worker/store/directory.ts";
import { lock } from "#worker/store/lock.ts";
import { type OpenStore, openStore } from "#worker/store/open.ts";
import { Receipts } from "#worker/store/receipts.ts";
import { readSnapshot, SnapshotDraft } from "#worker/store/snapshots.ts";
import { writeWhole } from "#worker/store/whole-file.ts";
import { freshDirectory } from "../support/directory.ts";

const report = createReport(() => undefined, false);
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const id = (fill: number) => new Uint8Array(32).fill(fill);

async function open(path: string, rebuild = false): Promise<OpenStore> {
  return await openStore(path, { config: {}, rebuild, report });
}

/** A directory with three heights in it, closed. */
async function seeded(): Promise<string> {
  const path = join(freshDirectory(), "data");
  const store = await open(path);
  await store.data.storeSealedCluster(bytes("cluster"));
  for (let height = 1; height <= 3; height++) {
    await store.log.append([bytes(`entry ${height}`)]);
    const replies = [{ requestId: id(height), height, reply: bytes(`reply ${height}`) }];
    store.writeBehind.add({
      type: "executed",
      height,
      delta: bytes(`delta ${height}`),
      replies,
      events: [],
    });
    await store.writeBehind.flush();
  }
  await store.close();
  return path;
}

describe("DataDirectory", () => {
  it("makes files that only their owner reads", async () => {
    const path = await seeded();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const name of ["simulated-tee/secret", "cluster.sealed", "log/entries", "config.json"]) {
      expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
    }
    expect(readFileSync(join(path, "simulated-tee", "secret"))).toHaveLength(32);
  });

  it("keeps the configuration of its creation, and refuses another", async () => {
    const path = join(freshDirectory(), "data");
    const grants = { egressGrants: ["10.0.0.0/8"] };
    const created = await DataDirectory.open(path, grants);
    await created.storeSealedCluster(bytes("cluster"));
    created.close();
    const again = await DataDirectory.open(path, {});
    expect(again.config.egressGrants).toEqual(["10.0.0.0/8"]);
    again.close();
    (await DataDirectory.open(path, grants)).close();
    await expect(DataDirectory.open(path, { egressGrants: [] })).rejects.toMatchObject({
      reason: "DATA_CONFIG_FIXED",
    });
  });

  it("takes other flags as long as no cluster was created, and keeps those not given again", async () => {
    const path = join(freshDirectory(), "data");
    const misspelt = { egressGrants: ["10.0.0.0/88"], extraRoots: ["root"] };
    (await DataDirectory.open(path, misspelt)).close();
    (await DataDirectory.open(path, { egressGrants: ["10.0.0.0/8"] })).close();
    const data = await DataDirectory.open(path, {});
    data.close();
    expect(data.config).toMatchObject({ egressGrants: ["10.0.0.0/8"], extraRoots: ["root"] });
  });

  it("refuses a directory that holds other things, and leaves them alone", async () => {
    const path = freshDirectory();
    writeFileSync(join(path, "thesis.txt"), "precious");
    await expect(DataDirectory.open(path, {})).rejects.toMatchObject({ reason: "DATA_FOREIGN" });
    expect(readdirSync(path)).toEqual(["thesis.txt"]);
  });

  it("refuses a directory of a newer format", async () => {
    const path = await seeded();
    writeFileSync(join(path, "config.json"), '{"format":2,"config":{}}');
    await expect(open(path)).rejects.toMatchObject({ reason: "DATA_FORMAT" });
  });

  it.each([
    ["config.json", "DATA_MISSING"],
    ["simulated-tee/secret", "DATA_MISSING"],
    ["cluster.sealed", "DATA_MISSING"],
    ["log/entries", "LOG_DAMAGED"],
  ])("names %s when it is missing", async (name, reason) => {
    const path = await seeded();
    rmSync(join(path, name));
    await expect(open(path)).rejects.toMatchObject({ reason });
  });

  it.each([
    ["config.json", "DATA_DAMAGED"],
    ["simulated-tee/secret", "DATA_DAMAGED"],
    ["log/entries", "DATA_DAMAGED"],
    ["deltas", "DATA_DAMAGED"],
    ["receipts", "DATA_DAMAGED"],
  ])("names %s when it holds something else", async (name, reason) => {
    const path = await seeded();
    writeFileSync(join(path, name), "something else");
    await expect(open(path)).rejects.toMatchObject({ reason });
  });

  it.each<readonly [string, object]>([
    ["more grants than there may be", { egressGrants: Array(65).fill("10.0.0.1") }],
    ["a grant that is too long", { egressGrants: ["a".repeat(301)] }],
    ["more roots than there may be", { extraRoots: Array(17).fill("root") }],
    ["a root that is too long", { extraRoots: ["a".repeat(16_385)] }],
  ])("takes no configuration with %s, neither asked for nor found", async (_, change) => {
    const path = join(freshDirectory(), "data");
    await expect(DataDirectory.open(path, change)).rejects.toMatchObject({ reason: "USAGE" });
    expect(existsSync(path)).toBe(false);
    await expect(open(await withConfig(change))).rejects.toMatchObject({
      reason: "DATA_DAMAGED",
      subject: expect.stringContaining("config.json"),
    });
  });

  it.each([-1, 1.5, 2 ** 32, 1e300])("takes no configuration with %d pages", async (pages) => {
    const path = await withConfig({ memoryPagesMax: pages });
    await expect(open(path)).rejects.toMatchObject({ reason: "DATA_DAMAGED" });
  });

  async function withConfig(change: object): Promise<string> {
    const path = await seeded();
    const config = { egressGrants: [], extraRoots: [], memoryPagesMax: 256, ...change };
    writeFileSync(join(path, "config.json"), JSON.stringify({ format: 1, config }));
    return path;
  }

  it.each([
    ["is a file", []],
    ["lies below a file", ["below"]],
    ["lies deep below a file", ["below", "it"]],
  ])("names the file if a path %s", async (_name, below) => {
    const file = join(freshDirectory(), "file");
    writeFileSync(file, "precious");
    await expect(open(join(file, ...below))).rejects.toMatchObject({
      reason: "DATA_CREATE",
      subject: `${file} (EEXIST)`,
    });
    expect(readFileSync(file, "utf8")).toBe("precious");
  });

  it("makes the directories above it, all for the own account alone", async () => {
    const path = join(freshDirectory(), "one", "two", "data");
    await (await open(path)).close();
    for (const each of [path, dirname(path)]) expect(statSync(each).mode & 0o777).toBe(0o700);
  });

  it("survives a creation that was cut short at any file", async () => {
    const whole = join(freshDirectory(), "data");
    const store = await open(whole);
    await store.close();
    for (const names of [[], ["lock"], ["lock", "config.json.tmp"], ["lock", "config.json"]]) {
      const path = freshDirectory();
      for (const name of names) {
        if (existsSync(join(whole, name))) cpSync(join(whole, name), join(path, name));
        else writeFileSync(join(path, name), "{");
      }
      const again = await open(path);
      expect([again.log.height, again.deltas.height, again.snapshotHeight]).toEqual([0, 0, 0]);
      expect(again.data.sealedCluster).toBeUndefined();
      await again.close();
    }
  });
});

describe("openStore()", () => {
  it("uses deltas only as far as the receipts reach", async () => {
    const path = await seeded();
    const shorter = freshDirectory();
    const receipts = await Receipts.open(shorter);
    await receipts.write([{ height: 1, replies: [] }]);
    await receipts.write([{ height: 2, replies: [] }]);
    await receipts.close();
    cpSync(join(shorter, "receipts"), join(path, "receipts"));
    const store = await open(path);
    expect(store.deltas.height).toBe(2);
    await store.close();
  });

  it("refuses a log that ends before the deltas do, at any byte", async () => {
    const path = await seeded();
    const file = join(path, "log", "entries");
    const whole = readFileSync(file);
    for (let length = 0; length < 3 * 27 + 8; length += 5) {
      writeFileSync(file, whole.subarray(0, length));
      await expect(open(path)).rejects.toMatchObject({ reason: "LOG_DAMAGED" });
      expect(readFileSync(file).length).toBeLessThanOrEqual(Math.max(length, 8));
    }
  });

  it("reports a torn delta and cuts it", async () => {
    const path = await seeded();
    const file = join(path, "deltas");
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length - 1));
    const lines: string[] = [];
    const store = await openStore(path, {
      config: {},
      rebuild: false,
      report: createReport((line) => lines.push(line), false),
    });
    expect(store.deltas.height).toBe(2);
    expect(lines.join("")).toContain('"event":"torn-write-cut"');
    await store.close();
  });

  it.each(["deltas", "receipts"])("names %s when a bit of it flips", async (name) => {
    const path = await seeded();
    const file = join(path, name);
    const whole = readFileSync(file);
    for (let at = 8; at < whole.length / 3; at++) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] as number) ^ 0x10;
      writeFileSync(file, flipped);
      await expect(open(path)).rejects.toMatchObject({ reason: "DATA_DAMAGED" });
    }
    const rebuilt = await open(path, true);
    expect(rebuilt.deltas.height).toBe(0);
    await rebuilt.close();
  });
});

describe("lock()", () => {
  it("is held against other processes until it is released or its holder dies", () => {
    const path = join(freshDirectory(), "lock");
    const script = `import { lock } from ${JSON.stringify(join(import.meta.dirname, "../../../worker/store/lock.ts"))};
      try { lock(process.argv[1]); console.log("taken"); } catch (error) { console.log(error.reason); }`;
    const other = () => {
      const args = ["--input-type=module", "-e", script, path];
      return spawnSync(process.execPath, args, { encoding: "utf8" }).stdout.trim();
    };
    const held = lock(path);
    expect(other()).toBe("DATA_LOCKED");
    expect(() => lock(path)).toThrow("DATA_LOCKED");
    held.release();
    expect(other()).toBe("taken");
    expect(other()).toBe("taken");
  });
});

describe("Receipts", () => {
  it("finds replies in memory, in both files and after opening again, and forgets the oldest", async () => {
    const path = freshDirectory();
    const receipts = await Receipts.open(path, 1_000);
    receipts.remember([{ requestId: id(200), height: 1, reply: bytes("fresh") }]);
    expect(await receipts.find(id(200))).toEqual(bytes("fresh"));
    for (let height = 1; height <= 12; height++) {
      const reply = new Uint8Array(300).fill(height);
      await receipts.write([{ height, replies: [{ requestId: id(height), height, reply }] }]);
    }
    const check = async (from: Receipts) => {
      expect((await from.find(id(12)))?.[0]).toBe(12);
      expect((await from.find(id(10)))?.[0]).toBe(10);
      expect(await from.find(id(1))).toBeUndefined();
      expect(from.height).toBe(12);
    };
    await check(receipts);
    await receipts.close();
    const again = await Receipts.open(path, 1_000);
    await check(again);
    await again.close();
  });
});

describe("Deltas", () => {
  it("keeps only what is asked for, and appends behind it", async () => {
    const path = join(freshDirectory(), "deltas");
    const deltas = await Deltas.open(path);
    for (const number of [1, 4, 6, 9]) await deltas.append([{ number, bytes: bytes(`${number}`) }]);
    await deltas.keep(1, 6);
    expect(deltas.height).toBe(6);
    await deltas.append([{ number: 7, bytes: bytes("7") }]);
    await deltas.close();
    const again = await Deltas.open(path);
    const heights = [];
    for await (const { number } of again.read(4)) heights.push(number);
    expect(heights).toEqual([6, 7]);
    await again.close();
  });
});

describe("readSnapshot()", () => {
  it("gives back all pieces, and refuses a snapshot cut or flipped anywhere", async () => {
    const directory = freshDirectory();
    const draft = await SnapshotDraft.create(directory, 7);
    await draft.add(bytes("first"));
    await draft.add(bytes("second"));
    await draft.finish();
    const pieces = async () => {
      const all = [];
      for await (const piece of readSnapshot(directory, 7)) all.push(Buffer.from(piece).toString());
      return all;
    };
    expect(await pieces()).toEqual(["first", "second"]);
    const file = join(directory, "snapshot-7");
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at++) {
      writeFileSync(file, whole.subarray(0, at));
      await expect(pieces()).rejects.toMatchObject({ name: "WorkerError" });
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] as number) ^ 4;
      writeFileSync(file, flipped);
      await expect(pieces()).rejects.toMatchObject({ name: "WorkerError" });
    }
    expect(readdirSync(directory)).toEqual(["snapshot-7"]);
  });
});

describe("writeWhole()", () => {
  it("replaces a file and leaves no draft", async () => {
    const path = join(freshDirectory(), "file");
    await writeWhole(path, bytes("one"));
    await writeWhole(path, bytes("two"));
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(existsSync(`${path}.tmp`)).toBe(false);
  });

  it("names the path and the system's reason when it cannot write", async () => {
    const directory = freshDirectory();
    mkdirSync(join(directory, "file"));
    await expect(writeWhole(join(directory, "file"), bytes("x"))).rejects.toMatchObject({
      reason: "DATA_WRITE",
      subject: expect.stringContaining("EISDIR"),
    });
  });
});
