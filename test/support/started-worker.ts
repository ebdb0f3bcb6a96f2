/**
 * A worker for one test: it serves when the test goes on, and is killed with it at the latest.
 *
 * @module
 */
import type { ChildProcess } from "node:child_process";
import { onTestFinished } from "vitest";
import type { Ended } from "#test/support/hermetic.ts";
import { WorkerProcess, type Ready } from "#test/support/worker-process.ts";

export interface StartedWorker {
  readonly ready: Ready;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export async function startWorkerProcess(
  data: string,
  flags: readonly string[] = [],
): Promise<StartedWorker> {
  const { child, ready, ended } = new WorkerProcess(data, flags);
  onTestFinished(() => void child.kill("SIGKILL"));
  return { ready: await ready, child, ended };
}
