/**
 * `hermetic worker`: runs a worker until it is told to stop.
 *
 * @module
 */
import { parseInfo } from "#protocol/info.ts";
import { toHex } from "#protocol/bytes.ts";
import { PORT_MAX } from "#protocol/limits.ts";
import { readText } from "#worker/cli/files.ts";
import { enclaveBundle } from "#worker/cli/package.ts";
import { stopSignal } from "#worker/cli/stop-signal.ts";
import type { Terminal } from "#worker/cli/terminal.ts";
import { count, required, usage } from "#worker/cli/usage.ts";
import { createReport } from "#worker/report.ts";
import { type RunningWorker, startWorker } from "#worker/start.ts";
import type { RequestedConfig } from "#worker/store/config.ts";

export interface WorkerFlags {
  readonly data?: string;
  readonly listen?: string;
  readonly grantEgress?: string[];
  readonly extraRoot?: string[];
  readonly rebuild?: boolean;
  readonly tick?: string;
}

const LISTEN_DEFAULT = "127.0.0.1:4480";
/** Milliseconds that a timer can count (HTML Standard, timers: a signed 32-bit integer). */
const TICK_MS_MAX = 2 ** 31 - 1;

export async function runWorker(terminal: Terminal, flags: WorkerFlags): Promise<void> {
  const dataPath = required(flags.data, "--data DIR");
  const listen = parseListen(flags.listen ?? LISTEN_DEFAULT);
  const tickMs = count(flags.tick, "--tick", TICK_MS_MAX);
  const report = createReport((line) => process.stderr.write(line), process.stderr.isTTY === true);
  const stopped = stopSignal();
  const starting = startWorker({
    dataPath,
    bundle: enclaveBundle,
    listen,
    config: configOf(flags),
    rebuild: flags.rebuild === true,
    ...(tickMs === undefined ? {} : { tickMs }),
    report,
  });
  const worker = await terminal.progress("starting", starting);
  try {
    sayReady(terminal, worker);
    const signal = await Promise.race([stopped, worker.failed]);
    report.info("stopping", { signal });
  } finally {
    await worker.stop();
  }
}

function sayReady(terminal: Terminal, worker: RunningWorker): void {
  const { evidence } = parseInfo(worker.info);
  const { url, enclavePid } = worker;
  const measurement = toHex(evidence.measurement);
  const simulated = evidence.kind === "simulated";
  const { pid } = process;
  terminal.result({ event: "ready", url, pid, enclavePid, measurement, simulated }, [
    `worker ready at ${url}`,
    `  measurement ${measurement}`,
    ...(simulated
      ? [
          "  SIMULATED enclave: whoever owns this machine can read everything. For development only.",
        ]
      : []),
  ]);
}

/** Flags that were not given say nothing, so that a restart needs none of them. */
function configOf({ grantEgress, extraRoot }: WorkerFlags): RequestedConfig {
  return {
    ...(grantEgress === undefined ? {} : { egressGrants: grantEgress }),
    ...(extraRoot === undefined ? {} : { extraRoots: extraRoot.map(readText) }),
  };
}

/** `HOST:PORT`, an IPv6 address in brackets. */
export function parseListen(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port <= PORT_MAX))
    throw usage(`--listen takes HOST:PORT, not ${text}`);
  return { host, port };
}
