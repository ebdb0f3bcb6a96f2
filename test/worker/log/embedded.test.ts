/**
 * The embedded log keeps what it confirmed, whatever happens to the process, the disk or the file.
 *
 * Files are cut and flipped byte by byte; failing disks are put behind the file handle; a child process
 * that appends is killed at random moments.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { DiskFile, OpenFile } from "#worker/log/disk.ts";
import { EmbeddedLog } from "#worker/log/embedded.ts";
import { RECORD_HEADER_BYTES } from "#worker/log/record.ts";
import { MAGIC_BYTES } from "#worker/log/record-file.ts";
import { freshDirectory } from "../support/directory.ts";

const entry = (height: number, bytes = 40) => new Uint8Array(bytes).fill(height);

async function logOf(path: string, batches: readonly number[]): Promise<void> {
  const log = await EmbeddedLog.open(path);
  for (const size of batches) {
    const first = log.height + 1;
    await log.append(Array.from({ length: size }, (_, at) => entry(first + at)));
  }
  await log.close();
}

async function readAll(log: EmbeddedLog, from = 1): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  for await (const batch of log.read(from)) {
    expect(batch.firstHeight).toBe(from + entries.length);
    entries.push(...batch.entries);
  }
  return entries;
}

/** The file without the zeros written ahead. */
function trimmed(path: string): Buffer {
  const bytes = readFileSync(path);
  let end = bytes.length;
  while (end > MAGIC_BYTES && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

/** A disk whose next calls of one kind do as told. */
function faulty(change: (file: DiskFile) => Partial<DiskFile>): OpenFile {
  return async (path, flags, mode) => {
    const file = await open(path, flags, mode);
    const bound: DiskFile = {
      read: file.read.bind(file),
      write: file.write.bind(file),
      datasync: () => file.datasync(),
      sync: () => file.sync(),
      truncate: (length) => file.truncate(length),
      stat: file.stat.bind(file),
      close: () => file.close(),
    };
    return { ...bound, ...change(bound) };
  };
}

describe("EmbeddedLog", () => {
  it("gives back every entry in order, from any height, after it was closed and opened", async () => {
    const path = join(freshDirectory(), "entries");
    await logOf(path, [1, 5, 1, 2_000, 3]);
    const log = await EmbeddedLog.open(path);
    expect(log.height).toBe(2_010);
    expect((await readAll(log)).map((bytes) => bytes[0])).toEqual(
      Array.from({ length: 2_010 }, (_, at) => (at + 1) & 0xff),
    );
    for (const from of [2, 1_024, 1_025, 1_026, 2_010]) {
      expect(await readAll(log, from)).toHaveLength(2_011 - from);
    }
    expect(await readAll(log, 2_011)).toEqual([]);
    await log.close();
  });

  it("keeps appending behind what is there", async () => {
    const path = join(freshDirectory(), "entries");
    await logOf(path, [2]);
    await logOf(path, [2]);
    const log = await EmbeddedLog.open(path);
    expect(await log.append([entry(5)])).toBe(5);
    expect(await readAll(log)).toHaveLength(5);
    await log.close();
  });

  it("takes entries larger than the space written ahead", async () => {
    const path = join(freshDirectory(), "entries");
    const log = await EmbeddedLog.open(path);
    await log.append([entry(1, 9_000_000), entry(2, 3)]);
    await log.append([entry(3, 5_000_000)]);
    await log.close();
    const again = await EmbeddedLog.open(path);
    expect((await readAll(again)).map((bytes) => bytes.length)).toEqual([9_000_000, 3, 5_000_000]);
    await again.close();
  });

  it("cuts a torn last batch at every byte, and says so", async () => {
    const directory = freshDirectory();
    const whole = join(directory, "whole");
    await logOf(whole, [2]);
    const confirmed = trimmed(whole).length;
    await logOf(whole, [2]);
    const bytes = trimmed(whole);
    for (let length = confirmed + 1; length < bytes.length; length++) {
      for (const ahead of [0, 4096]) {
        const path = join(directory, "torn");
        writeFileSync(path, Buffer.concat([bytes.subarray(0, length), Buffer.alloc(ahead)]));
        const log = await EmbeddedLog.open(path);
        const kept = length >= confirmed + RECORD_HEADER_BYTES + 40 ? 3 : 2;
        expect(log.height).toBe(kept);
        const start = kept === 3 ? confirmed + RECORD_HEADER_BYTES + 40 : confirmed;
        const isTorn = bytes.subarray(start, length).some((byte) => byte !== 0);
        expect(log.tornBytes > 0).toBe(isTorn);
        expect(await log.append([entry(9)])).toBe(kept + 1);
        await log.close();
      }
    }
  });

  it("cuts a torn last batch whose later sectors reached the disk before earlier ones", async () => {
    const path = join(freshDirectory(), "entries");
    await logOf(path, [2, 3]);
    const bytes = readFileSync(path);
    const second = MAGIC_BYTES + 2 * (RECORD_HEADER_BYTES + 40);
    bytes.fill(0, second, second + 30);
    writeFileSync(path, bytes);
    const log = await EmbeddedLog.open(path);
    expect(log.height).toBe(2);
    expect(log.tornBytes).toBeGreaterThan(0);
    await log.close();
  });

  it("refuses any flipped bit before the last batch, and names the height", async () => {
    const directory = freshDirectory();
    const whole = join(directory, "whole");
    await logOf(whole, [1, 1, 1]);
    const bytes = readFileSync(whole);
    const size = RECORD_HEADER_BYTES + 40;
    const path = join(directory, "flipped");
    for (let at = MAGIC_BYTES; at < MAGIC_BYTES + 2 * size; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
      writeFileSync(path, flipped);
      const height = at < MAGIC_BYTES + size ? 1 : 2;
      await expect(EmbeddedLog.open(path)).rejects.toMatchObject({
        reason: "LOG_DAMAGED",
        facts: { height },
      });
      expect(readFileSync(path).equals(flipped)).toBe(true);
    }
  });

  it("refuses an end that lies before what is known to be confirmed, and leaves the file alone", async () => {
    const path = join(freshDirectory(), "entries");
    await logOf(path, [1, 1]);
    const bytes = trimmed(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(path, bytes);
    await expect(EmbeddedLog.open(path, { confirmedHeight: 2 })).rejects.toMatchObject({
      reason: "LOG_DAMAGED",
      facts: { height: 2 },
    });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    truncateSync(path, MAGIC_BYTES);
    await expect(EmbeddedLog.open(path, { confirmedHeight: 1 })).rejects.toMatchObject({
      facts: { height: 1 },
    });
  });

  it("refuses a removed, repeated or moved entry", async () => {
    const directory = freshDirectory();
    const whole = join(directory, "whole");
    await logOf(whole, [1, 1, 1]);
    const bytes = readFileSync(whole);
    const size = RECORD_HEADER_BYTES + 40;
    const record = (at: number) =>
      bytes.subarray(MAGIC_BYTES + at * size, MAGIC_BYTES + (at + 1) * size);
    const magic = bytes.subarray(0, MAGIC_BYTES);
    const path = join(directory, "changed");
    for (const records of [
      [0, 2],
      [0, 0, 1, 2],
      [0, 2, 1],
      [1, 2],
    ]) {
      writeFileSync(path, Buffer.concat([magic, ...records.map(record)]));
      await expect(EmbeddedLog.open(path)).rejects.toMatchObject({ reason: "LOG_DAMAGED" });
    }
  });

  it("refuses a file of another kind, and one of a newer format", async () => {
    const path = join(freshDirectory(), "entries");
    writeFileSync(path, "this is no log");
    await expect(EmbeddedLog.open(path)).rejects.toMatchObject({ reason: "DATA_DAMAGED" });
    writeFileSync(path, Buffer.from([0x48, 0x52, 0x4d, 0x4c, 0, 0, 0, 2]));
    await expect(EmbeddedLog.open(path)).rejects.toMatchObject({
      reason: "DATA_FORMAT",
      facts: { version: 2 },
    });
  });

  it.each(["write", "datasync"] as const)("confirms nothing after a failed %s", async (call) => {
    const path = join(freshDirectory(), "entries");
    let isFailing = false;
    const openFile = faulty((file) => ({
      [call]: async (...args: never[]) => {
        if (isFailing) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
        return await (file[call] as (...all: never[]) => Promise<unknown>)(...args);
      },
    }));
    const log = await EmbeddedLog.open(path, { openFile });
    await log.append([entry(1)]);
    isFailing = true;
    await expect(log.append([entry(2)])).rejects.toMatchObject({ reason: "DATA_WRITE" });
    isFailing = false;
    await expect(log.append([entry(2)])).rejects.toMatchObject({ reason: "DATA_WRITE" });
    expect(log.height).toBe(1);
    await log.close();
  });

  it("writes on after a short write", async () => {
    const path = join(freshDirectory(), "entries");
    const openFile = faulty((file) => ({
      write: ((buffer: Uint8Array, offset: number, length: number, position: number) =>
        file.write(buffer, offset, Math.min(length, 7), position)) as DiskFile["write"],
    }));
    const small = join(freshDirectory(), "seed");
    await logOf(small, [1]);
    copyFileSync(small, path);
    const log = await EmbeddedLog.open(path, { openFile });
    await log.append([entry(2), entry(3)]);
    await log.close();
    const again = await EmbeddedLog.open(path);
    expect(await readAll(again)).toHaveLength(3);
    await again.close();
  });

  it("loses no confirmed entry when its process is killed again and again", async () => {
    const path = join(freshDirectory(), "entries");
    let confirmed = 0;
    for (let round = 0; round < 12; round++) {
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL("./appender.ts", import.meta.url)), path],
        {
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
      await once(child.stdout, "data");
      await new Promise((resolve) => setTimeout(resolve, (round * 37) % 120));
      child.kill("SIGKILL");
      await new Promise((resolve) => child.on("close", resolve));
      confirmed = Number(text.split("\n").at(-2));
      const log = await EmbeddedLog.open(path, { confirmedHeight: confirmed });
      expect(log.height).toBeGreaterThanOrEqual(confirmed);
      const entries = await readAll(log);
      expect(entries.every((bytes, at) => bytes[0] === ((at + 1) & 0xff))).toBe(true);
      await log.close();
    }
    expect(confirmed).toBeGreaterThanOrEqual(12);
  });
});
