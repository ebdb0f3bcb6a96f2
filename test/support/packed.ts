/**
 * The package as it is published: built, packed by npm, and unpacked where a user would have it.
 *
 * All other packages are this repository's own, linked; nothing is fetched.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeEnclave } from "#worker/bundle/enclave.ts";
import { entries, writePackage } from "#worker/bundle/package.ts";
import { writeTypes } from "#worker/bundle/types.ts";

const root = join(import.meta.dirname, "..", "..");
const PUBLISHED = ["sdk/client", "sdk/testing", "sdk/transform"];

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

export class PackedPackage {
  /** A folder whose `node_modules` has the package in it. */
  readonly folder: string;
  /** Paths inside the tarball. */
  readonly files: readonly string[];

  private constructor(folder: string, files: readonly string[]) {
    this.folder = folder;
    this.files = files;
  }

  static async make(): Promise<PackedPackage> {
    const folder = mkdtempSync(join(tmpdir(), "hermetic-packed-"));
    const stage = join(folder, "stage");
    const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly files: readonly string[];
    };
    for (const name of ["package.json", ...files]) {
      if (name === "dist") continue;
      cpSync(join(root, name), join(stage, name), { recursive: true });
    }
    await buildInto(join(stage, "dist"));
    const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
    must(run("npm", args, stage));
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    const modules = join(folder, "node_modules");
    linkOthers(modules);
    mkdirSync(join(modules, "hermetic"));
    const unpack = ["-xzf", join(folder, tarball), "--strip-components=1"];
    must(run("tar", unpack, join(modules, "hermetic")));
    const listed = must(run("tar", ["-tzf", join(folder, tarball)], folder)).output;
    return new PackedPackage(folder, listed.trim().split("\n"));
  }

  /** Runs a program of `node_modules` on the Node that runs the tests. */
  run(script: string, args: readonly string[], cwd: string = this.folder): Ran {
    return run(process.execPath, [join(this.folder, "node_modules", script), ...args], cwd);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function buildInto(dist: string): Promise<void> {
  await writePackage(root, dist, entries);
  must(
    run(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "-b", ...PUBLISHED],
      root,
    ),
  );
  const sources = Object.values(entries).filter((source) => source.startsWith("sdk/"));
  writeTypes(join(root, "build", "types"), join(dist, "types"), sources);
  await writeEnclave(root, join(dist, "enclave.mjs"));
}

/** Every package of this repository but its own. */
function linkOthers(modules: string): void {
  const from = join(root, "node_modules");
  for (const name of readdirSync(from)) {
    const inScope = name.startsWith("@") ? readdirSync(join(from, name)) : [];
    const names = name.startsWith("@") ? inScope.map((each) => join(name, each)) : [name];
    for (const each of names) {
      const link = join(modules, each);
      if (each === "hermetic" || each === ".bin" || existsSync(link)) continue;
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(from, each), link);
    }
  }
}

function run(command: string, args: readonly string[], cwd: string): Ran {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_OPTIONS: "" };
  // What vitest tells its own processes must not reach those that are started here.
  for (const name of Object.keys(env))
    if (name.startsWith("VITEST")) Reflect.deleteProperty(env, name);
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

function must(ran: Ran): Ran {
  if (ran.status !== 0) throw new Error(ran.output);
  return ran;
}
