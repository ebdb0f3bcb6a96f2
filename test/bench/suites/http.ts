/**
 * What it costs a contract to ask the web, against a bare `node:https` client that asks the same server in
 * the same run; how many can wait at once; and what those that do not ask lose by it.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "hermetic/build";
import { pack } from "#protocol/codec.ts";
import { drive, shoot } from "#test/bench/load/drive.ts";
import { startFarEnd, type FarEnd } from "#test/bench/load/far-end.ts";
import { LoadSession, type SealedRequest } from "#test/bench/load/session.ts";
import { startWorker, temporaryDirectory } from "#test/bench/load/worker.ts";
import { median, percentile, timeOnce } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";

const REQUESTS = 500;
/** Rounds until the engines of all four processes have compiled what they run. */
const WARM_UP = 1_000;
/** Many contracts and accounts, because each has a cap of its own on calls that wait. */
const CONTRACTS = 8;
const SESSIONS = 32;
const CONCURRENT = 1_000;
const CONCURRENT_ROUNDS = 3;
const SERVER_MS = 200;
const WAITING = 500;
/** Below the time after which a server that has not begun its answer is given up. */
const WAIT_MS = 8_000;
/** Milliseconds in which all of them must be connected. */
const CONNECT_MS = 4_000;
const ROUNDS = 5;
const COMMANDS = 2_000;
const COMMANDS_IN_FLIGHT = 8;

interface Ground {
  readonly url: string;
  readonly agent: Agent;
  readonly farEnd: FarEnd;
  readonly sessions: readonly LoadSession[];
  readonly contracts: readonly Uint8Array[];
}

type Kind = "query" | "command";

/** The n-th call of many: contracts and accounts take turns. */
function nth(ground: Ground, n: number, kind: Kind, method: string, path?: string): SealedRequest {
  const session = ground.sessions[n % SESSIONS] as LoadSession;
  const contract = ground.contracts[n % CONTRACTS] as Uint8Array;
  const args = path === undefined ? pack([]) : pack([ground.farEnd.origin + path]);
  return session.call(kind, contract, method, args);
}

/** Milliseconds of one call, over a connection that is kept. */
async function timeCall({ agent, url }: Ground, request: SealedRequest): Promise<number> {
  return timeOnce(() => shoot(agent, new URL(url), request));
}

/** A query without a request, one with it, and the bare client, in turns. */
async function compare(ground: Ground, path: string): Promise<Record<Contender, number>> {
  const samples: Record<Contender, number[]> = { without: [], with: [], bare: [] };
  for (let i = -WARM_UP; i < REQUESTS; i++) {
    // One contract: what is warm is the contract's own connection.
    const taken = {
      without: await timeCall(ground, nth(ground, 0, "query", "nothing", path)),
      with: await timeCall(ground, nth(ground, 0, "query", "ask", path)),
      bare: await ground.farEnd.ask(path),
    };
    if (i >= 0) for (const name of contenders) samples[name].push(taken[name]);
  }
  const p50 = (name: Contender): number => percentile(samples[name], 0.5);
  return { without: p50("without"), with: p50("with"), bare: p50("bare") };
}

const contenders = ["without", "with", "bare"] as const;
type Contender = (typeof contenders)[number];

function overheads(what: string, p50: Record<Contender, number>, most: number): Row[] {
  return [
    { name: `bare node:https, ${what}, p50`, value: p50.bare, unit: "ms" },
    { name: `query that asks, ${what}, p50`, value: p50.with, unit: "ms" },
    {
      name: `what the contract's request adds, ${what}, p50`,
      value: p50.with - p50.without - p50.bare,
      unit: "ms",
    },
    {
      name: `all that query and request add, ${what}, p50`,
      value: p50.with - p50.bare,
      unit: "ms",
      bound: { kind: "at most", value: most },
    },
  ];
}

/** Milliseconds until all of many queries that wait for a slow server are answered. */
async function concurrent(ground: Ground): Promise<number> {
  const path = `/wait/${SERVER_MS}`;
  const shots = Array.from({ length: CONCURRENT }, (_, n) => nth(ground, n, "query", "ask", path));
  return timeOnce(() => drive(ground.url, shots, CONCURRENT));
}

async function commandsPerSecond(ground: Ground): Promise<number> {
  const shots = Array.from({ length: COMMANDS }, (_, n) => nth(ground, n, "command", "bump"));
  return (await drive(ground.url, shots, COMMANDS_IN_FLIGHT)).perSecond;
}

/** Throughput of commands beside many that wait for the web, ÷ alone; the median of some rounds. */
async function besideWaiting(ground: Ground): Promise<number> {
  const ratios: number[] = [];
  await commandsPerSecond(ground);
  for (let round = 0; round < ROUNDS; round++) {
    const alone = await commandsPerSecond(ground);
    const path = `/wait/${WAIT_MS}`;
    const shots = Array.from({ length: WAITING }, (_, n) =>
      nth(ground, n, "command", "keep", path),
    );
    const waiting = drive(ground.url, shots, WAITING);
    // Measured is what waits, not what it takes to connect.
    const connectedMs = performance.now() + CONNECT_MS;
    while ((await ground.farEnd.waiting()) < WAITING && performance.now() < connectedMs) {
      await sleep(50);
    }
    ratios.push((await commandsPerSecond(ground)) / alone);
    await waiting;
  }
  return median(ratios);
}

export async function run(): Promise<Row[]> {
  const entry = join(import.meta.dirname, "../contracts/web.ts");
  const component = (await build({ entry })).contracts[0]?.wasm ?? new Uint8Array(0);
  const directory = temporaryDirectory();
  const farEnd = await startFarEnd();
  const rootPath = join(directory.path, "root.pem");
  writeFileSync(rootPath, farEnd.root);
  const flags = ["--grant-egress", "127.0.0.1", "--extra-root", rootPath];
  const worker = await startWorker(join(directory.path, "data"), flags);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const sessions: LoadSession[] = [];
    for (let i = 0; i < SESSIONS; i++) sessions.push(await LoadSession.open(worker.url));
    const contracts: Uint8Array[] = [];
    for (const session of sessions.slice(0, CONTRACTS)) {
      contracts.push(await session.deploy(component));
    }
    const ground = { url: worker.url, agent, farEnd, sessions, contracts };
    const cold = overheads("new connection", await compare(ground, "/close"), 2);
    const warm = overheads("warm connection", await compare(ground, "/"), 0.7);
    const times: number[] = [];
    for (let i = 0; i < CONCURRENT_ROUNDS; i++) times.push(await concurrent(ground));
    return [
      ...cold,
      ...warm,
      {
        name: `${CONCURRENT} queries at once, a server that takes ${SERVER_MS} ms`,
        value: median(times),
        unit: "ms",
        bound: { kind: "at most", value: 1_500 },
      },
      {
        name: `commands beside ${WAITING} that wait for the web ÷ alone`,
        value: await besideWaiting(ground),
        unit: "×",
        bound: { kind: "at least", value: 0.9 },
      },
    ];
  } finally {
    agent.destroy();
    farEnd.stop();
    await worker.kill();
    directory.remove();
  }
}
