/**
 * A worker as its operator runs it: `hermetic worker --json`, with its enclave, to be stopped or killed.
 *
 * @module
 */
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { spawnHermetic, type Ended } from "#test/support/hermetic.ts";

export interface Ready {
  readonly event: "ready";
  readonly url: string;
  readonly pid: number;
  readonly enclavePid: number;
  readonly measurement: string;
  readonly simulated: boolean;
}

/** Milliseconds for a process to be gone after it was killed, on a very busy machine. */
const GONE_MS = 15_000;

export class WorkerProcess {
  readonly child: ChildProcess;
  #stdout = "";
  #stderr = "";
  #isReady = false;
  /** How it ended, once it has. */
  readonly ended: Promise<Ended>;
  /** Its first line; rejects if it ends before. */
  readonly ready: Promise<Ready>;

  constructor(data: string, flags: readonly string[] = []) {
    const args = ["worker", "--data", data, "--listen", "127.0.0.1:0", "--json", ...flags];
    this.child = spawnHermetic(args);
    this.ended = new Promise((resolve) => {
      this.child.once("close", (status) => {
        resolve({ status, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
    this.child.stderr?.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.ready = this.#firstLine();
    this.ready.catch(() => undefined); // whoever waits for it sees why
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** All that it has printed. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get isServing(): boolean {
    return this.#isReady && this.isRunning;
  }

  /** Processes that it has started. */
  get children(): number[] {
    try {
      const text = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, "utf8");
      return text.trim().split(/\s+/).filter(Boolean).map(Number);
    } catch {
      return []; // it is gone already
    }
  }

  /** `kill -9`, and what it started must be gone soon after. */
  async kill(): Promise<void> {
    const { children } = this;
    this.child.kill("SIGKILL");
    await this.ended;
    for (const pid of children) await assertGone(pid);
  }

  /** SIGTERM. @returns How it ended. */
  async stop(): Promise<Ended> {
    const { children } = this;
    this.child.kill("SIGTERM");
    const ended = await this.ended;
    for (const pid of children) await assertGone(pid);
    return ended;
  }

  #firstLine(): Promise<Ready> {
    return new Promise((resolve, reject) => {
      this.child.stdout?.on("data", (chunk: Buffer) => {
        this.#stdout += chunk.toString();
        const end = this.#stdout.indexOf("\n");
        if (end < 0) return;
        const line = JSON.parse(this.#stdout.slice(0, end)) as Ready;
        this.#isReady = line.event === "ready";
        if (this.#isReady) resolve(line);
        else reject(new Error(`the worker did not start: ${this.output}`));
      });
      void this.ended.then(() => reject(new Error(`the worker ended early: ${this.output}`)));
    });
  }
}

/** Whether a process runs. One that ended but was not reaped by its parent yet does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/^State:\tZ/m.test(statusOf(pid));
  } catch {
    return false;
  }
}

function statusOf(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, "utf8");
}

async function assertGone(pid: number): Promise<void> {
  for (let waitedMs = 0; isAlive(pid); waitedMs += 20) {
    if (waitedMs > GONE_MS) throw new Error(`process ${pid} outlives the worker that started it`);
    await sleep(20);
  }
}
