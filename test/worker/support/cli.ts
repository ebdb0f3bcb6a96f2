/**
 * Runs the real command from its sources.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const MAIN = join(import.meta.dirname, "../../../worker/cli/main.ts");

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function start(args: readonly string[], { cwd, env }: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export async function hermetic(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = start(args, options);
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, stdout, stderr };
}

/** The one line of JSON that a verb prints. */
export async function hermeticJson<T = Readonly<Record<string, unknown>>>(
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ status: number | null; value: T }> {
  const { status, stdout } = await hermetic([...args, "--json"], options);
  const lines = stdout.split("\n");
  if (lines.length !== 2 || lines[1] !== "") throw new Error(`not one line: ${stdout}`);
  return { status, value: JSON.parse(lines[0] as string) as T };
}

export interface Ready {
  readonly event: "ready";
  readonly url: string;
  readonly pid: number;
  readonly enclavePid: number;
  readonly measurement: string;
  readonly simulated: boolean;
}

export interface WorkerProcess {
  readonly ready: Ready;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts a worker and waits until it is ready; it ends with the test at the latest. */
export async function startWorkerProcess(
  dataPath: string,
  flags: readonly string[] = [],
): Promise<WorkerProcess> {
  const args = ["worker", "--data", dataPath, "--listen", "127.0.0.1:0", "--json", ...flags];
  const child = start(args);
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
  const line = new Promise<string>((resolve) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      const end = stdout.indexOf("\n");
      if (end >= 0) resolve(stdout.slice(0, end));
    });
  });
  const early = ended.then((end) => {
    throw new Error(`the worker ended early: ${end.stdout}${end.stderr}`);
  });
  early.catch(() => undefined); // a worker may end after it was ready
  return { ready: JSON.parse(await Promise.race([line, early])) as Ready, child, ended };
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
