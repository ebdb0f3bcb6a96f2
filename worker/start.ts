/**
 * Starts a whole worker and stops it again: data directory, enclave, HTTP API.
 *
 * @module
 */
import { Listener, type ListenOptions } from "#worker/api/listener.ts";
import { Api } from "#worker/api/server.ts";
import { type EnclaveLink, openEnclave, type EnclaveEvents } from "#worker/enclave/link.ts";
import { defaultSnapshotPolicy, type SnapshotPolicy } from "#worker/enclave/snapshotter.ts";
import { Supervisor } from "#worker/enclave/supervisor.ts";
import type { Report } from "#worker/report.ts";
import type { RequestedConfig } from "#worker/store/config.ts";

/** Milliseconds a request may take: a query's ten seconds of gas, its HTTP, and a queue before both. */
const REQUEST_TIMEOUT_MS = 120_000;
/** A planned call waits no longer than this for its next height, and an idle day adds 20 MB to the log. */
const TICK_MS = 5_000;
/** Milliseconds that requests under way get when the worker stops. */
const DRAIN_MS = 10_000;

export interface WorkerOptions {
  readonly dataPath: string;
  /** Path of the enclave's bundle. */
  readonly bundle: string;
  readonly listen: ListenOptions;
  readonly config?: RequestedConfig;
  readonly rebuild?: boolean;
  readonly snapshots?: SnapshotPolicy;
  readonly requestTimeoutMs?: number;
  /** Milliseconds without an entry after which a height passes, if a contract has planned a call; 0 for never. */
  readonly tickMs?: number;
  readonly report: Report;
  /** Stands in for the enclave's process in tests. */
  readonly open?: (events: EnclaveEvents) => EnclaveLink;
}

export interface RunningWorker {
  readonly url: string;
  readonly enclavePid: number;
  /** Encoded `WorkerInfo`, as of the start. */
  readonly info: Uint8Array;
  /** Rejects if the worker fails while it runs; it must then be stopped. */
  readonly failed: Promise<never>;
  /** Answers what is under way, writes everything, ends the enclave. */
  stop(): Promise<void>;
}

/**
 * Takes the address first: where it is refused, nothing is created. Serves there last.
 *
 * @throws {@link WorkerError} if anything does not start; nothing keeps running then.
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const listener = await Listener.open(options.listen);
  let supervisor: Supervisor | undefined;
  try {
    const running = (supervisor = await startSupervisor(options));
    const info = await firstInfo(running);
    const api = new Api(running, listener);
    return {
      url: api.url,
      enclavePid: running.enclavePid,
      info,
      failed: running.failed,
      stop: async () => {
        await api.stop(DRAIN_MS);
        await running.stop();
      },
    };
  } catch (error) {
    await listener.close();
    await supervisor?.stop();
    throw error;
  }
}

function startSupervisor(options: WorkerOptions): Promise<Supervisor> {
  const { dataPath, bundle, config = {}, rebuild = false, report } = options;
  return Supervisor.start({
    dataPath,
    config,
    rebuild,
    report,
    openEnclave: options.open ?? ((events) => openEnclave(bundle, events)),
    snapshots: options.snapshots ?? defaultSnapshotPolicy,
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    tickMs: options.tickMs ?? TICK_MS,
  });
}

async function firstInfo(supervisor: Supervisor): Promise<Uint8Array> {
  const answer = new Promise<Uint8Array>((resolve) => {
    supervisor.info((own) => {
      if (own.kind === "sealed") resolve(own.bytes);
    });
  });
  return await Promise.race([answer, supervisor.failed]);
}
