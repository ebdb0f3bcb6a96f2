/**
 * The measurement is reproducible: anyone with the sources gets the same enclave, bit for bit.
 *
 * @module
 */
import { createHash } from "node:crypto";
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "#test/tidy/sources.ts";
import { bundleEnclave, type EnclaveBundle } from "#worker/bundle/enclave.ts";

/** All that the enclave takes from Node. Nothing here starts a process, a thread or a database. */
const allowedBuiltins = [
  "node:buffer",
  "node:crypto",
  "node:events",
  "node:fs",
  "node:http",
  "node:net",
  "node:process",
  "node:stream",
  "node:tls",
  "node:util",
  "node:zlib",
];

const folders: string[] = [];
let bundle: EnclaveBundle;

beforeAll(async () => {
  bundle = await bundleEnclave(root);
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Copies the trusted sources elsewhere, with packages linked or copied, and builds them there. */
async function buildElsewhere(
  prefix: string,
  packages: "linked" | "copied",
): Promise<EnclaveBundle> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), prefix));
  folders.push(folder);
  for (const entry of ["package.json", "runtime", "host"]) {
    cpSync(join(root, entry), join(folder, entry), { recursive: true });
  }
  const modules = join(folder, "node_modules");
  if (packages === "linked") {
    symlinkSync(join(root, "node_modules"), modules);
  } else {
    for (const name of ["msgpackr", "@noble", "@scure"]) {
      cpSync(join(root, "node_modules", name), join(modules, name), { recursive: true });
    }
  }
  return bundleEnclave(folder);
}

describe("bundleEnclave()", () => {
  it("gives the same bytes in two other directories, packages linked or copied", async () => {
    const first = await buildElsewhere("a-", "linked");
    const second = await buildElsewhere("another place, much longer-", "copied");
    expect(first.code).toBe(bundle.code);
    expect(second.code).toBe(bundle.code);
  });

  it("measures the SHA-256 of the file that is in dist", () => {
    const file = readFileSync(join(root, "dist", "enclave.mjs"));
    expect(createHash("sha256").update(file).digest("hex")).toBe(bundle.measurement);
  });

  it("changes the measurement with one changed character", async () => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), "changed-"));
    folders.push(folder);
    for (const entry of ["package.json", "runtime", "host"]) {
      cpSync(join(root, entry), join(folder, entry), {
        recursive: true,
        filter: (source) => !source.endsWith("limits.ts"),
      });
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const limits = readFileSync(join(root, "runtime/protocol/limits.ts"), "utf8");
    const changed = limits.replace("DECODE_DEPTH_MAX = 32", "DECODE_DEPTH_MAX = 33");
    expect(changed).not.toBe(limits);
    writeFileSync(join(folder, "runtime/protocol/limits.ts"), changed);
    expect((await bundleEnclave(folder)).measurement).not.toBe(bundle.measurement);
  });
});

describe("the enclave bundle", () => {
  it("imports nothing but a few of Node's modules", () => {
    const imported = bundle.code.matchAll(/^\s*(?:import|export)\b[^;"']*["']([^"']+)["']/gm);
    const names = new Set([...imported].map((match) => match[1] ?? ""));
    expect([...names].filter((name) => !allowedBuiltins.includes(name))).toEqual([]);
    expect(names.size).toBeGreaterThan(0);
  });

  it("takes one function from node:fs, which reads the bundle to measure it", () => {
    const lines = bundle.code.split("\n").filter((line) => line.includes("node:fs"));
    expect(lines).toEqual(['import { readFileSync } from "node:fs";']);
    expect(bundle.code.match(/\breadFileSync\b/g)).toHaveLength(2);
  });

  it("loads nothing at run time: no require, no import(), no code from text", () => {
    expect(bundle.code).not.toMatch(/\brequire\s*\(/);
    expect(bundle.code).not.toMatch(/createRequire/);
    expect(bundle.code).not.toMatch(/(?<![#.\w])import\s*\(/);
    expect(bundle.code).not.toMatch(/\bnew Function\b|(?<![.\w])eval\s*\(/);
  });

  it("names no path of the machine it was built on", () => {
    expect(bundle.code).not.toContain(root);
    expect(bundle.code).not.toMatch(/file:\/\/\//);
    expect(bundle.code).not.toMatch(/sourceMappingURL/);
  });
});
