/**
 * The compiler in a thread of its own: vitest starts processes and serves modules meanwhile.
 *
 * The thread lives as long as its process, so the compiler stays warm from one save to the next. It
 * keeps no process alive that has nothing more to do.
 *
 * @module
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Answer, Job, Makes } from "#sdk/testing/vitest/compiler/jobs.ts";
import { BuildError } from "#sdk/transform/build-error.ts";
import { findPackageRoot } from "#sdk/transform/package-root.ts";

/** Beside this file among the sources; by a name of its own in the package. */
const PROGRAM = import.meta.filename.endsWith(".ts")
  ? join(import.meta.dirname, "thread.ts")
  : join(findPackageRoot().path, "dist", "compiler.js");

interface Waiting {
  readonly resolve: (made: Makes[keyof Makes]) => void;
  readonly reject: (error: unknown) => void;
}

export class CompilerThread {
  readonly #program: string;
  #worker: Worker | undefined;
  #jobs = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** @param program - What runs in the thread. */
  constructor(program: string = PROGRAM) {
    this.#program = program;
  }

  /** Loads the compiler, which takes longer than a compilation, before there is anything to compile. */
  start(): void {
    this.#started();
  }

  /**
   * Builds a contract, or compiles unit tests.
   *
   * @throws {@link BuildError} with the author's own lines.
   * @throws {@link Error} if the thread ends; the next job starts another.
   */
  async make<Kind extends keyof Makes>(job: Job & { readonly kind: Kind }): Promise<Makes[Kind]> {
    const worker = this.#started();
    const id = this.#jobs++;
    const made = await new Promise<Makes[keyof Makes]>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, ...job });
    });
    // The thread makes of a job what its kind says.
    return made as Makes[Kind];
  }

  #started(): Worker {
    this.#worker ??= this.#start();
    return this.#worker;
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { name: "hermetic compiler" });
    worker.on("message", (answer: Answer) => this.#take(worker, answer));
    worker.on("error", (error) => this.#lose(worker, error));
    worker.on("exit", () => this.#lose(worker, new Error("the compiler's thread has ended")));
    // After the listeners: whoever listens for messages waits for them.
    worker.unref();
    return worker;
  }

  #take(worker: Worker, answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) worker.unref();
    if ("made" in answer) waiting?.resolve(answer.made);
    else if ("failure" in answer) waiting?.reject(answer.failure);
    else {
      const error = new BuildError(answer.mistakes);
      error.inputs = answer.inputs;
      waiting?.reject(error);
    }
  }

  #lose(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of lost) reject(error);
  }
}

/** One for all projects of a process. */
export const compilerThread: CompilerThread = new CompilerThread();
