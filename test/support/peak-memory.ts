/**
 * How much memory a piece of work takes at its worst moment, as the operating system counts it.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";

const STATUS = "/proc/self/status";
/** Tells Linux to forget the greatest resident size so far: proc_pid_clear_refs(5). */
const FORGET_PEAK = "5";

function kilobytes(field: string): number {
  const line = readFileSync(STATUS, "utf8")
    .split("\n")
    .find((each) => each.startsWith(`${field}:`));
  return Number.parseInt(line?.slice(field.length + 1) ?? "", 10);
}

/** KiB that the process held at most while `work` ran, beyond what it held before; Linux only. */
export function peakMemory(work: () => void): number {
  globalThis.gc?.();
  writeFileSync("/proc/self/clear_refs", FORGET_PEAK);
  const before = kilobytes("VmRSS");
  work();
  return kilobytes("VmHWM") - before;
}
