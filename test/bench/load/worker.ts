/**
 * A real worker process with its enclave, started and stopped for one measurement.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkerProcess } from "#test/support/worker-process.ts";

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
export async function startWorker(
  data: string,
  flags: readonly string[] = [],
): Promise<BenchWorker> {
  const start = performance.now();
  const worker = new WorkerProcess(data, flags);
  const { url } = await worker.ready;
  return { url, readyMs: performance.now() - start, kill: () => worker.kill() };
}
