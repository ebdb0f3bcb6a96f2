/**
 * Processes for test files that are started under watch before a file is there to be tested.
 *
 * Each test file still has a process of its own that has run nothing else: it has only been waiting.
 * After a save, a fifth of the wait was for the next process to start.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { ForksPoolWorker, type PoolOptions, type PoolWorker, type Vitest } from "vitest/node";

/** Processes that wait at the same time, each some 60 MB: few saves lead to more test files. */
const STANDING_MAX = 2;

/** The part of vitest's configuration that says how test files get their processes. */
interface Pool {
  readonly name: string;
  readonly createPoolWorker: (options: PoolOptions) => PoolWorker;
}

/** Vitest's own process for a test file, which may have been started already. */
class StandbyWorker extends ForksPoolWorker {
  readonly #options: PoolOptions;
  readonly #stopped: (options: PoolOptions) => void;
  #starting: Promise<void> | undefined;

  /** @param stopped - Called when its tests are done and the process has ended. */
  constructor(options: PoolOptions, stopped: (options: PoolOptions) => void) {
    super(options);
    this.#options = options;
    this.#stopped = stopped;
  }

  override start(): Promise<void> {
    this.#starting ??= super.start();
    return this.#starting;
  }

  override async stop(): Promise<void> {
    await super.stop();
    this.#stopped(this.#options);
  }

  /** Whether it is what another one of these options would be. */
  fits({ project, method, execArgv, env }: PoolOptions): boolean {
    const own = this.#options;
    if (own.project !== project || own.method !== method) return false;
    return isDeepStrictEqual([own.execArgv, own.env], [execArgv, env]);
  }
}

/** The processes of one vitest. */
export class Standby {
  readonly pool: Pool;
  readonly #standing = new Set<StandbyWorker>();
  #isClosed = false;

  constructor() {
    const createPoolWorker = (options: PoolOptions): PoolWorker => this.#take(options);
    this.pool = { name: "hermetic", createPoolWorker };
  }

  /** Ends what still waits when vitest ends. */
  watch(vitest: Vitest): void {
    vitest.onClose(async () => {
      this.#isClosed = true;
      await Promise.all([...this.#standing].map((worker) => worker.stop()));
      this.#standing.clear();
    });
  }

  #take(options: PoolOptions): PoolWorker {
    for (const worker of this.#standing) {
      if (worker.fits(options)) {
        this.#standing.delete(worker);
        return worker;
      }
    }
    return new StandbyWorker(options, (again) => this.#prepare(again));
  }

  /** Under watch, who has done its work is followed by one who waits for more. */
  #prepare(options: PoolOptions): void {
    if (!options.project.vitest.config.watch || options.method !== "run") return;
    if (this.#isClosed || this.#standing.size >= STANDING_MAX) return;
    const worker = new StandbyWorker(options, (again) => this.#prepare(again));
    this.#standing.add(worker);
    // One that cannot start or ends while it waits is no loss: another is started when it is needed.
    const forget = (): boolean => this.#standing.delete(worker);
    worker.start().then(() => worker.on("exit", forget), forget);
  }
}
