/**
 * What a long search came to, kept in a file that a later start continues.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allowedOpcodes } from "#test/support/random/coverage.ts";

const folder = join(import.meta.dirname, "../../conformance/results");

interface Found {
  readonly program: number;
  readonly what: string;
  /** The module, shrunk; base64. */
  readonly module: string;
}

interface Contents {
  readonly machines: string;
  readonly seed: number;
  readonly commit: string;
  readonly meterVersion: number;
  readonly node: string;
  readonly v8: string;
  readonly flags: readonly string[];
  programs: number;
  seconds: number;
  /** How often the rarest instruction ran. */
  rarest: { opcode: string; times: number };
  readonly disagreements: Found[];
}

export class SearchRecord {
  readonly #file: string;
  readonly #saves: boolean;
  readonly #contents: Contents;

  constructor(seed: number, meterVersion: number, saves: boolean) {
    const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], {
      encoding: "utf8",
    }).trim();
    this.#file = join(folder, `reference-v${meterVersion}-${commit}-seed${seed}.json`);
    this.#saves = saves;
    const isKnown = saves && existsSync(this.#file);
    this.#contents = isKnown
      ? (JSON.parse(readFileSync(this.#file, "utf8")) as Contents)
      : {
          machines: "metered code on V8, reference interpreter",
          ...{ seed, commit, meterVersion },
          ...{ node: process.version, v8: process.versions.v8, flags: process.execArgv },
          ...{ programs: 0, seconds: 0, rarest: { opcode: "", times: 0 }, disagreements: [] },
        };
  }

  get programs(): number {
    return this.#contents.programs;
  }

  set programs(count: number) {
    this.#contents.programs = count;
  }

  get disagreements(): number {
    return this.#contents.disagreements.length;
  }

  disagree(program: number, what: string, module: Uint8Array): void {
    const base64 = Buffer.from(module).toString("base64");
    this.#contents.disagreements.push({ program, what, module: base64 });
  }

  /** Adds time, in milliseconds, and what ran since this process started; writes the file if it is kept. */
  spend(ms: number, executed: Uint32Array): void {
    this.#contents.seconds += Math.round(ms / 1000);
    const counts = allowedOpcodes.map((opcode) => ({
      opcode: `0x${opcode.toString(16)}`,
      times: executed[opcode] ?? 0,
    }));
    const [rarest] = counts.toSorted((a, b) => a.times - b.times);
    if (rarest !== undefined) this.#contents.rarest = rarest;
    if (!this.#saves) return;
    mkdirSync(folder, { recursive: true });
    const half = `${this.#file}.part`;
    writeFileSync(half, `${JSON.stringify(this.#contents, undefined, 2)}\n`);
    renameSync(half, this.#file);
  }
}
