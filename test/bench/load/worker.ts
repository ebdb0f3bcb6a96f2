/**
 * A real worker process with its enclave, started and stopped for one measurement.
 *
 * @module
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const CLI = join(import.meta.dirname, "../../../worker/cli/main.ts");

export interface BenchWorker {
  readonly url: string;
  readonly readyMs: number;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "hermetic-bench-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts a worker on a directory; resolves once it serves. */
export async function startWorker(data: string): Promise<BenchWorker> {
  const start = performance.now();
  const child: ChildProcess = spawn(
    process.execPath,
    [
      "--conditions=hermetic-source",
      CLI,
      "worker",
      "--data",
      data,
      "--listen",
      "127.0.0.1:0",
      "--json",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = once(child, "exit");
  if (child.stdout === null) throw new Error("the worker's output is not a pipe");
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line) as { readonly event: string; readonly url: string };
    if (message.event !== "ready") continue;
    const readyMs = performance.now() - start;
    const kill = async (): Promise<void> => {
      child.kill("SIGKILL");
      await exited;
    };
    return { url: message.url, readyMs, kill };
  }
  throw new Error("the worker ended before it was ready");
}
