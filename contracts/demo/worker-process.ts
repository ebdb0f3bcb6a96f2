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

export interface Ready {
  readonly url: string;
  readonly pid: number;
  readonly enclavePid: number;
  readonly measurement: string;
}

export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #output: Uint8Array[] = [];
  readonly #exited: Promise<unknown>;
  #ready: Ready | undefined;

  /** Starts a worker, which serves once {@link started} has told so. */
  constructor({ data, grant, extraRoot }: WorkerOptions) {
    const worker = ["worker", "--data", data, "--listen", "127.0.0.1:0", "--json"];
    const granted = ["--grant-egress", grant, "--extra-root", extraRoot];
    this.#child = spawn(
      process.execPath,
      ["--conditions=hermetic-source", CLI, ...worker, ...granted],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    this.#exited = once(this.#child, "exit");
    this.#child.stdout?.on("data", (bytes: Uint8Array) => this.#output.push(bytes));
    this.#child.stderr?.on("data", (bytes: Uint8Array) => this.#output.push(bytes));
  }

  /** Resolves once it serves; rejects with what it printed if it ends before. */
  async started(): Promise<Ready> {
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("the worker's output is not a pipe");
    for await (const line of createInterface({ input: stdout })) {
      const message = JSON.parse(line) as { readonly event: string } & Ready;
      if (message.event !== "ready") continue;
      this.#ready = message;
      stdout.resume(); // what it prints from now on is looked at too
      return message;
    }
    throw new Error(`the worker did not start:\n${Buffer.from(this.output).toString()}`);
  }

  get ready(): Ready {
    if (this.#ready === undefined) throw new Error("the worker does not serve yet");
    return this.#ready;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
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
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    await this.#exited;
  }
}
