/**
 * What a long search for unlisted errors came to, kept in a file that a later start continues.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Verdict } from "#test/support/fuzz/target.ts";

const folder = join(import.meta.dirname, "../../host/http/results");

interface Found {
  /** Number of the input. */
  readonly input: number;
  readonly target: string;
  readonly what: string;
}

interface Contents {
  readonly search: string;
  readonly seed: number;
  readonly commit: string;
  readonly node: string;
  inputs: number;
  seconds: number;
  /** How many inputs of each parser were taken and refused. */
  readonly targets: Record<string, Record<Verdict, number>>;
  readonly unlisted: Found[];
}

export class FuzzRecord {
  readonly #file: string;
  readonly #saves: boolean;
  readonly #contents: Contents;

  constructor(seed: number, saves: boolean) {
    const args = ["rev-parse", "--short", "HEAD"];
    const commit = execFileSync("git", args, { encoding: "utf8" }).trim();
    this.#file = join(folder, `parsers-${commit}-seed${seed}.json`);
    this.#saves = saves;
    this.#contents =
      saves && existsSync(this.#file)
        ? (JSON.parse(readFileSync(this.#file, "utf8")) as Contents)
        : {
            search: "inputs that a parser of HTTP or egress answers by an unlisted error",
            ...{ seed, commit, node: process.version },
            ...{ inputs: 0, seconds: 0, targets: {}, unlisted: [] },
          };
  }

  get inputs(): number {
    return this.#contents.inputs;
  }

  get unlisted(): number {
    return this.#contents.unlisted.length;
  }

  /** Counts the next input. @param what - Its verdict, or the error that is not listed. */
  count(target: string, what: Verdict | Error): void {
    const { targets, unlisted } = this.#contents;
    const counts = (targets[target] ??= { taken: 0, refused: 0 });
    if (what instanceof Error) unlisted.push({ input: this.inputs, target, what: String(what) });
    else counts[what]++;
    this.#contents.inputs++;
  }

  /** Adds time, in milliseconds; writes the file if it is kept. */
  spend(ms: number): void {
    this.#contents.seconds += Math.round(ms / 1000);
    if (!this.#saves) return;
    mkdirSync(folder, { recursive: true });
    const half = `${this.#file}.part`;
    writeFileSync(half, `${JSON.stringify(this.#contents, undefined, 2)}\n`);
    renameSync(half, this.#file);
  }
}
