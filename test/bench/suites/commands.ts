/**
 * Durable commands: eight clients, each with one in flight, against raw synced appends of the same bytes.
 *
 * The rate is the median of several rounds, once the engine has optimised what a command runs through in
 * the worker and the enclave. How a fresh worker begins is told by a line of its own, and so is the rate with
 * clients on `node:http`, which take a fifth of the machine for themselves.
 *
 * @module
 */
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { build } from "hermetic/build";
import { BareLane } from "#test/bench/load/bare-lane.ts";
import { drive, type Driven } from "#test/bench/load/drive.ts";
import { LoadSession, type SealedRequest } from "#test/bench/load/session.ts";
import { startWorker, temporaryDirectory } from "#test/bench/load/worker.ts";
import { median, percentile, timeEach } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";

const CLIENTS = 8;
const WARM_UP_ROUNDS = 3;
const ROUNDS = 7;
const COMMANDS_EACH = 500;
const APPENDS = 2_000;

/** Microseconds of one synced append of `bytes` to a file that has room for it. */
function rawAppends(path: string, bytes: number): number[] {
  const file = openSync(path, "w+");
  const block = Buffer.alloc(bytes, 1);
  writeSync(file, Buffer.alloc(bytes * APPENDS * 2), 0, undefined, 0);
  fdatasyncSync(file);
  let offset = 0;
  const samples = timeEach(APPENDS, () => {
    writeSync(file, block, 0, bytes, offset);
    offset += bytes;
    fdatasyncSync(file);
  });
  closeSync(file);
  return samples;
}

/** Takes one shot of every client in turn, so that each client has about one in flight. */
function interleave(shots: readonly (readonly SealedRequest[])[]): SealedRequest[] {
  return Array.from({ length: COMMANDS_EACH }, (_, i) =>
    shots.flatMap((own) => own.slice(i, i + 1)),
  ).flat();
}

export async function run(): Promise<Row[]> {
  const entry = join(import.meta.dirname, "../contracts/store.ts");
  const component = (await build({ entry })).contracts[0]?.wasm ?? new Uint8Array(0);
  const directory = temporaryDirectory();
  const worker = await startWorker(directory.path);
  const sessions = await Promise.all(
    Array.from({ length: CLIENTS }, () => LoadSession.open(worker.url)),
  );
  const contract = await (sessions[0] as LoadSession).deploy(component); // there are eight
  let entryBytes = 0;
  const round = (ClientLane?: typeof BareLane): Promise<Driven> => {
    const shots = sessions.map((session) =>
      Array.from({ length: COMMANDS_EACH }, () => session.call("command", contract, "bump")),
    );
    entryBytes = shots[0]?.[0]?.envelope.length ?? 0;
    return drive(worker.url, interleave(shots), CLIENTS, ClientLane);
  };
  const first = await round(BareLane);
  for (let i = 1; i < WARM_UP_ROUNDS; i++) await round(BareLane);
  const rates: number[] = [];
  const httpRates: number[] = [];
  const latenciesMs: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const driven = await round(BareLane);
    rates.push(driven.perSecond);
    latenciesMs.push(...driven.latenciesMs);
    httpRates.push((await round()).perSecond);
  }
  await worker.kill();
  const raw = rawAppends(join(directory.path, "raw"), entryBytes);
  directory.remove();
  const perSecond = median(rates);
  const p50 = percentile(latenciesMs, 0.5);
  const rawMs = percentile(raw, 0.5) / 1000;
  const bound = { kind: "at least", value: 2_000 } as const;
  return [
    { name: `durable commands, ${CLIENTS} clients`, value: perSecond, unit: "/s", bound },
    { name: "durable commands, clients on node:http", value: median(httpRates), unit: "/s" },
    {
      name: `durable commands, the first ${CLIENTS * COMMANDS_EACH} of a fresh worker`,
      value: first.perSecond,
      unit: "/s",
    },
    { name: "durable command, p50 (includes its commit)", value: p50, unit: "ms" },
    { name: "durable command, p99", value: percentile(latenciesMs, 0.99), unit: "ms" },
    { name: `raw synced append of ${entryBytes} bytes, p50`, value: rawMs, unit: "ms" },
    { name: "raw synced appends, one at a time", value: 1000 / rawMs, unit: "/s" },
    {
      name: "durable commands ÷ raw synced appends",
      value: perSecond / (1000 / rawMs),
      unit: "×",
    },
  ];
}
