/**
 * The worker as its operator runs it: the published command in a process of its own.
 *
 * @module
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const CLI = join(import.meta.dirname, "../../worker/cli/main.ts");

export interface WorkerOptions {
  readonly data: string;
  /** Host and port a contract may reach besides public ones. */
  readonly grant: string;
  /** PEM file of a certificate authority to trust besides the public ones. */
  readonly extraRoot: string;
}

interface Ready {
  readonly url: string;
  readonly pid: number;
  readonly enclavePid: number;
  readonly measurement: string;
}

export class WorkerProcess {
  readonly ready: Ready;
  readonly #child: ChildProcess;
  readonly #output: readonly Uint8Array[];

  private constructor(child: ChildProcess, ready: Ready, output: readonly Uint8Array[]) {
    this.#child = child;
    this.ready = ready;
    this.#output = output;
  }

  /** Starts a worker; resolves once it serves. */
  static async start(options: WorkerOptions): Promise<WorkerProcess> {
    const { data, grant, extraRoot } = options;
    const worker = ["worker", "--data", data, "--listen", "127.0.0.1:0", "--json"];
    const granted = ["--grant-egress", grant, "--extra-root", extraRoot];
    const child = spawn(
      process.execPath,
      ["--conditions=hermetic-source", CLI, ...worker, ...granted],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    const output: Uint8Array[] = [];
    child.stdout.on("data", (bytes: Uint8Array) => output.push(bytes));
    child.stderr.on("data", (bytes: Uint8Array) => output.push(bytes));
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line) as { readonly event: string } & Ready;
      if (message.event === "ready") return new WorkerProcess(child, message, output);
    }
    throw new Error(`The worker did not start:\n${Buffer.concat(output).toString()}`);
  }

  get port(): number {
    return Number(new URL(this.ready.url).port);
  }

  /** What it printed: its operator reads that too. */
  get output(): Uint8Array {
    return Buffer.concat(this.#output);
  }

  /** Ends it as a crash would: `kill -9`. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  /** Lets it finish. */
  stop(): Promise<void> {
    return this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill(signal);
    await exited;
  }
}
