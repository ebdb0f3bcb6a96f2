/**
 * Encrypted queries over loopback HTTP, against a bare echo of equal sizes in the same run.
 *
 * Requests are sealed beforehand for both, so the client's cryptography is in neither. The two are
 * driven in turns.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "hermetic/build";
import { apiPaths, parseSealedBody } from "#protocol/api.ts";
import { drive, type Shot } from "#test/bench/load/drive.ts";
import { LoadSession } from "#test/bench/load/session.ts";
import { startWorker, temporaryDirectory } from "#test/bench/load/worker.ts";
import { median, percentile } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";

const ROUNDS = 5;
const REQUESTS = 4_000;
const IN_FLIGHT = 16;
const ALONE = 1_000;

async function startEcho(replyBytes: number): Promise<{ url: string; stop(): void }> {
  const file = join(import.meta.dirname, "../load/echo.ts");
  const child = spawn(process.execPath, [file, String(replyBytes)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { url: line.toString().trim(), stop: () => child.kill("SIGKILL") };
}

export async function run(): Promise<Row[]> {
  const entry = join(import.meta.dirname, "../contracts/store.ts");
  const component = (await build({ entry })).contracts[0]?.wasm ?? new Uint8Array(0);
  const directory = temporaryDirectory();
  const worker = await startWorker(directory.path);
  const session = await LoadSession.open(worker.url);
  const contract = await session.deploy(component);
  const queries = (count: number): Shot[] =>
    Array.from({ length: count }, () => session.call("query", contract, "read"));

  const sample = session.call("query", contract, "read");
  const { lastBody } = await drive(worker.url, [sample], 1);
  const replyBytes = parseSealedBody(lastBody).length;
  const echo = await startEcho(replyBytes);
  const echoes = (count: number): Shot[] =>
    Array.from({ length: count }, () => ({ path: apiPaths.query, body: sample.body }));

  const ratios: number[] = [];
  const rates: number[] = [];
  const echoRates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await drive(worker.url, queries(REQUESTS), IN_FLIGHT);
    const bare = await drive(echo.url, echoes(REQUESTS), IN_FLIGHT);
    ratios.push(ours.perSecond / bare.perSecond);
    rates.push(ours.perSecond);
    echoRates.push(bare.perSecond);
  }
  const alone = await drive(worker.url, queries(ALONE), 1);
  const echoAlone = await drive(echo.url, echoes(ALONE), 1);
  echo.stop();
  await worker.kill();
  directory.remove();
  return [
    {
      name: "queries ÷ bare node:http echo",
      value: median(ratios),
      unit: "×",
      bound: { kind: "at least", value: 0.35 },
    },
    { name: `queries, ${IN_FLIGHT} in flight`, value: median(rates), unit: "/s" },
    { name: `echo, ${IN_FLIGHT} in flight`, value: median(echoRates), unit: "/s" },
    {
      name: "query, one at a time, p50",
      value: percentile(alone.latenciesMs, 0.5),
      unit: "ms",
      bound: { kind: "at most", value: 0.6 },
    },
    { name: "query, one at a time, p99", value: percentile(alone.latenciesMs, 0.99), unit: "ms" },
    { name: "echo, one at a time, p50", value: percentile(echoAlone.latenciesMs, 0.5), unit: "ms" },
  ];
}
