/**
 * What a measurement was made on. A number without it means nothing.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly v8: string;
  readonly commit: string;
  /** Whether the sources differ from that commit. */
  readonly changed: boolean;
  readonly date: string;
  /** Processes that wanted a core, on average over the minute before. */
  readonly load?: number;
}

function git(...args: string[]): string {
  return execFileSync("git", args, { encoding: "utf8" }).trim();
}

export function describeMachine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? "unknown",
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    v8: process.versions.v8,
    commit: git("rev-parse", "--short", "HEAD"),
    changed: git("status", "--porcelain") !== "",
    date: new Date().toISOString().slice(0, 10),
    load: Math.round(loadavg()[0] ?? 0),
  };
}
