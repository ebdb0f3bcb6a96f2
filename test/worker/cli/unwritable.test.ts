/**
 * Places where nothing can be written, for every verb that writes where it is told: a file in the way, a
 * path below one, a directory where the file should be, and `/proc`, which says of a directory that is to
 * be made that it does not exist.
 *
 * @module
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { hermeticJson } from "#test/support/hermetic.ts";
import { freshDirectory } from "../support/directory.ts";

// Every run of the command is a process of its own.
vi.setConfig({ testTimeout: 180_000 });

const CONTRACT = "@contract export class Empty { @query one(): u32 { return 1; } }";

/** By what is said: a path in a directory that holds the file `file`. */
const places: (readonly [what: string, place: (directory: string) => string])[] = [
  ["a file", (directory) => join(directory, "file")],
  ["below a file", (directory) => join(directory, "file", "below")],
];
if (existsSync("/proc/self")) places.push(["in /proc", () => "/proc/hermetic"]);

function occupied(): string {
  const directory = freshDirectory();
  writeFileSync(join(directory, "file"), CONTRACT);
  return directory;
}

const unwritable = { status: 5, value: { error: { name: "FILE_UNWRITABLE", code: "HRM4004" } } };

describe.each(places)("hermetic, told to write to a place that is %s,", (what, place) => {
  it("build says so", async () => {
    const directory = occupied();
    const entry = join(directory, "empty.ts");
    writeFileSync(entry, CONTRACT);
    const ended = await hermeticJson(["build", entry, "--out", place(directory)]);
    expect(ended).toMatchObject(unwritable);
    expect(readFileSync(join(directory, "file"), "utf8")).toBe(CONTRACT);
  });

  it("worker says so", async () => {
    const directory = occupied();
    const flags = ["--data", place(directory), "--listen", "127.0.0.1:0"];
    expect(await hermeticJson(["worker", ...flags])).toMatchObject({
      status: 5,
      value: { error: { name: "DATA_CREATE", code: "HRM4210" } },
    });
    expect(readdirSync(directory)).toEqual(["file"]);
  });

  it("keys new says so", async () => {
    const path = place(occupied());
    const { status, value } = await hermeticJson(["keys", "new", "--out", path]);
    const isTaken = what === "a file";
    expect(value).toMatchObject({ error: { code: isTaken ? "HRM4003" : "HRM4004" } });
    expect(status).toBe(isTaken ? 2 : 5);
  });

  it("new says so", async () => {
    const directory = occupied();
    const { status, value } = await hermeticJson(["new", place(directory)]);
    expect(value).toMatchObject({ error: { code: expect.stringMatching(/^HRM400[34]$/) } });
    expect([2, 5]).toContain(status);
    expect(readdirSync(directory)).toEqual(["file"]);
  });
});

describe("hermetic build", () => {
  it("leaves no draft where an artefact cannot take its place", async () => {
    const directory = freshDirectory();
    const [entry, out] = [join(directory, "empty.ts"), join(directory, "out")];
    writeFileSync(entry, CONTRACT);
    mkdirSync(join(out, "empty.wasm"), { recursive: true });
    expect(await hermeticJson(["build", entry, "--out", out])).toMatchObject({
      ...unwritable,
      value: { error: { message: expect.stringContaining("empty.wasm (EISDIR)") } },
    });
    expect(readdirSync(out)).toEqual(["empty.wasm"]);
  });
});
