/**
 * Start and recovery: an empty worker, and workers killed with 1,000 to 100,000 keys.
 *
 * @module
 */
import { join } from "node:path";
import { integer, pack } from "#protocol/codec.ts";
import { build } from "hermetic/build";
import { LoadSession } from "#test/bench/load/session.ts";
import { startWorker, temporaryDirectory } from "#test/bench/load/worker.ts";
import type { Row } from "#test/bench/row.ts";

const KEYS = [1_000, 10_000, 100_000];
const KEYS_PER_COMMAND = 1_000;

async function recover(component: Uint8Array, keys: number): Promise<number> {
  const directory = temporaryDirectory();
  const worker = await startWorker(directory.path);
  const session = await LoadSession.open(worker.url);
  const contract = await session.deploy(component);
  for (let first = 0; first < keys; first += KEYS_PER_COMMAND) {
    const args = pack([integer(first), KEYS_PER_COMMAND]);
    const { outcome } = await session.send(session.call("command", contract, "fill", args));
    if (outcome.kind !== "returned") throw new Error(`fill ended as ${outcome.kind}`);
  }
  await worker.kill();
  const restarted = await startWorker(directory.path);
  await restarted.kill();
  directory.remove();
  return restarted.readyMs;
}

export async function run(): Promise<Row[]> {
  const entry = join(import.meta.dirname, "../contracts/store.ts");
  const component = (await build({ entry })).contracts[0]?.wasm ?? new Uint8Array(0);
  const directory = temporaryDirectory();
  const fresh = await startWorker(directory.path);
  await fresh.kill();
  directory.remove();
  const rows: Row[] = [
    { name: "worker and enclave, from command to ready", value: fresh.readyMs, unit: "ms" },
  ];
  for (const keys of KEYS) {
    const value = await recover(component, keys);
    const bound = { kind: "at most", value: 3_000 } as const;
    rows.push({ name: `recovery after kill -9 with ${keys} keys`, value, unit: "ms", bound });
  }
  return rows;
}
