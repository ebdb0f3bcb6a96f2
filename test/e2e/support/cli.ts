/**
 * Runs the `hermetic` command as a user does: a process of its own, from its sources.
 *
 * @module
 */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "../../../worker/cli/main.ts");

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command; nothing of this test's own terminal or colours reaches it. */
export function spawnHermetic(args: readonly string[], cwd?: string): ChildProcess {
  return spawn(process.execPath, ["--conditions=hermetic-source", MAIN, ...args], {
    cwd,
    env: { ...process.env, FORCE_COLOR: undefined, NODE_OPTIONS: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Milliseconds for a verb that ends by itself, on a very busy machine. */
const END_MS = 60_000;

/** Runs the command to its end; one that should have ended and serves instead is killed. */
export async function hermetic(args: readonly string[], cwd?: string): Promise<Ended> {
  const child = spawnHermetic(args, cwd);
  const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearTimeout(timer);
  return { status, stdout, stderr };
}

/** What one line of JSON may hold; tests look into it freely. */
// oxlint-disable-next-line typescript/no-explicit-any -- each test knows the shape that it asserts
export type Line = any;

export interface EndedJson {
  readonly status: number | null;
  readonly lines: readonly Line[];
  /** The only line. */
  readonly value: Line;
}

/** Runs the command with `--json`: every line it prints must be JSON, and nothing else may be printed. */
export async function hermeticJson(args: readonly string[], cwd?: string): Promise<EndedJson> {
  const { status, stdout, stderr } = await hermetic([...args, "--json"], cwd);
  if (stderr !== "") throw new Error(`with --json it said on stderr: ${stderr}`);
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { status, lines, value: lines[0] };
}
