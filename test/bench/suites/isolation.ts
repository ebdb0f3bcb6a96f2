/**
 * How long the queries of a contract take while another contract takes all it can get, against how long
 * they take alone.
 *
 * The two are measured in turns on one worker. What runs without end is sent by connections of its own.
 *
 * @module
 */
import { join } from "node:path";
import { build } from "hermetic/build";
import { COMMAND_GAS_MAX, QUERY_GAS_MAX } from "#protocol/limits.ts";
import { drive } from "#test/bench/load/drive.ts";
import { LoadSession } from "#test/bench/load/session.ts";
import { startWorker, temporaryDirectory } from "#test/bench/load/worker.ts";
import { median, percentile } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";

const ROUNDS = 5;
const REQUESTS = 1_500;
const IN_FLIGHT = 4;
/** Runaways at once. */
const ENDLESS = 4;

/** Keeps requests that take as long as they may in flight until it is told to stop. */
function harass(url: string, session: LoadSession, contract: Uint8Array, kind: Kind) {
  let isOver = false;
  const gasLimit = kind === "query" ? QUERY_GAS_MAX : COMMAND_GAS_MAX;
  const body = { op: "call", method: kind === "query" ? "spin" : "spinOn", gasLimit } as const;
  const args = Uint8Array.of(0x90);
  const lane = async (): Promise<void> => {
    while (!isOver) await drive(url, [session.seal(kind, contract, { ...body, args })], 1);
  };
  const lanes = Promise.all(Array.from({ length: ENDLESS }, lane));
  const stop = (): void => void (isOver = true);
  return { lanes, stop };
}

type Kind = "query" | "command";

export async function run(): Promise<Row[]> {
  const entry = join(import.meta.dirname, "../contracts/store.ts");
  const component = (await build({ entry })).contracts[0]?.wasm ?? new Uint8Array(0);
  const rows: Row[] = [];
  for (const kind of ["query", "command"] as const) {
    const directory = temporaryDirectory();
    const worker = await startWorker(directory.path);
    const session = await LoadSession.open(worker.url);
    const greedy = await LoadSession.open(worker.url);
    const modest = await session.deploy(component);
    const contract = await greedy.deploy(component);
    const p99 = async (): Promise<number> => {
      const shots = Array.from({ length: REQUESTS }, () => session.call("query", modest, "read"));
      return percentile((await drive(worker.url, shots, IN_FLIGHT)).latenciesMs, 0.99);
    };
    await p99();
    const alone: number[] = [];
    for (let round = 0; round < ROUNDS; round++) alone.push(await p99());
    const { lanes, stop } = harass(worker.url, greedy, contract, kind);
    const beside: number[] = [];
    for (let round = 0; round < ROUNDS; round++) beside.push(await p99());
    stop();
    const ended = lanes.catch(() => undefined); // the worker is killed under them
    await worker.kill();
    await ended;
    directory.remove();
    const what = kind === "query" ? "queries" : "commands";
    rows.push(
      { name: `query, p99, alone (before ${what})`, value: median(alone), unit: "ms" },
      { name: `query, p99, beside endless ${what}`, value: median(beside), unit: "ms" },
      {
        name: `p99 beside endless ${what} ÷ alone`,
        value: median(beside) / median(alone),
        unit: "×",
        bound: { kind: "at most", value: 2 },
      },
    );
  }
  return rows;
}
