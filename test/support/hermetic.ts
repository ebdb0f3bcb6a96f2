/**
 * Runs the `hermetic` command as a user does: a process of its own, from its sources.
 *
 * @module
 */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "../../worker/cli/main.ts");
/** Milliseconds for a verb that ends by itself, on a very busy machine. */
const END_MS = 150_000;

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the command; nothing of this test's own terminal or colours reaches it. */
export function spawnHermetic(
  args: readonly string[],
  { cwd, env }: RunOptions = {},
): ChildProcess {
  const own = { NO_COLOR: undefined, FORCE_COLOR: undefined, NODE_OPTIONS: undefined };
  return spawn(process.execPath, ["--conditions=hermetic-source", MAIN, ...args], {
    cwd,
    env: { ...process.env, ...own, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs the command to its end; one that should have ended and serves instead is killed. */
export async function hermetic(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawnHermetic(args, options);
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

export interface EndedJson<T = Line> {
  readonly status: number | null;
  readonly lines: readonly Line[];
  /** The line, if it is the only one. */
  readonly value: T;
}

/** Runs the command with `--json`: every line it prints must be JSON, and nothing else may be printed. */
export async function hermeticJson<T = Line>(
  args: readonly string[],
  options: RunOptions = {},
): Promise<EndedJson<T>> {
  const { status, stdout, stderr } = await hermetic([...args, "--json"], options);
  if (stderr !== "") throw new Error(`with --json it said on stderr: ${stderr}`);
  if (!stdout.endsWith("\n")) throw new Error(`a line is not ended: ${stdout}`);
  const lines = stdout.slice(0, -1).split("\n");
  const values = lines.map((line): Line => JSON.parse(line));
  return { status, lines: values, value: values.length === 1 ? values[0] : undefined };
}
