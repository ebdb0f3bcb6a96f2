/**
 * A stopped worker's data directory with a known state, copies of it to damage, and starts that must
 * end in one of two ways: a coded refusal, or service with exactly that state.
 *
 * The enclave is the real one in its own process; the worker process is this one, so that hundreds of
 * starts take seconds.
 *
 * @module
 */
import { join } from "node:path";
import { createReport } from "#worker/report.ts";
import { WorkerError } from "#worker/error.ts";
import type { RunningWorker } from "#worker/start.ts";
import { startWorker } from "#worker/start.ts";
import type { Contract } from "#sdk/client/index.ts";
import { account, fixture, type Site } from "./site.ts";

const BUNDLE = join(import.meta.dirname, "../../../dist/enclave.mjs");
/** Commands in the prepared state, besides the deployment. */
export const NOTES = 24;
const SNAPSHOT_EVERY = 12;

export interface Prepared {
  /** The directory as it was left in the end. */
  readonly data: string;
  /** The same cluster some commands and one snapshot earlier. */
  readonly earlier: string;
  readonly abi: Contract["abi"];
  readonly address: string;
}

/** Starts a worker in this process, with the enclave in another. */
export function startHere(dataPath: string, rebuild = false): Promise<RunningWorker> {
  return startWorker({
    dataPath,
    bundle: BUNDLE,
    listen: { host: "127.0.0.1", port: 0 },
    rebuild,
    snapshots: { deltaBytes: 1e9, heights: SNAPSHOT_EVERY },
    report: createReport(() => undefined, false),
  });
}

/** Makes the state: every number from 0 noted once, two snapshots, some deltas after the second. */
export async function prepare(site: Site, name: string): Promise<Prepared> {
  const data = site.path(name);
  const artefact = await fixture("tally");
  let worker = await startHere(data);
  const owner = await account(worker.url);
  const { address, abi } = await owner.deploy(artefact);
  const note = async (from: number, to: number): Promise<void> => {
    const contract = (await account(worker.url)).contract(abi, address);
    for (let id = from; id < to; id++) await contract.run("note", { id, text: `note ${id}` }, {});
  };
  await note(0, NOTES / 2);
  await worker.stop();
  const earlier = site.copy(data);
  worker = await startHere(data);
  await note(NOTES / 2, NOTES);
  await worker.stop();
  return { data, earlier, abi, address };
}

/** How a start ended: `served` is the state that clients get, `refused` the code and what it names. */
export type Start =
  | { readonly kind: "served"; readonly sum: unknown; readonly counts: unknown }
  | { readonly kind: "refused"; readonly error: WorkerError };

/** Starts on a directory, asks for the state and stops. @throws anything that is not a coded refusal. */
export async function tryStart(
  { abi, address }: Prepared,
  data: string,
  rebuild = false,
): Promise<Start> {
  let worker: RunningWorker;
  try {
    worker = await startHere(data, rebuild);
  } catch (error) {
    if (error instanceof WorkerError && error.reason !== "UNEXPECTED") {
      return { kind: "refused", error };
    }
    throw error;
  }
  try {
    const contract = (await account(worker.url)).contract(abi, address);
    const { value: sum } = await contract.read("sum", {}, {});
    const { value: counts } = await contract.read("counts", { from: 0, to: NOTES + 1 }, {});
    // It must be able to go on, too.
    await contract.run("note", { id: 1_000, text: "" }, {});
    return { kind: "served", sum, counts };
  } finally {
    await worker.stop();
  }
}

/** What a right start serves. */
export const WHOLE: Start = {
  kind: "served",
  sum: NOTES,
  counts: [...Array.from({ length: NOTES }, () => 1), 0],
};

/** `HRM4106/502 piece 0 snapshot 13`, or `HRM4205 deltas`: code, fault and what is named. */
export function named(start: Start): string {
  if (start.kind === "served") return "served";
  const { code, facts, subject = "" } = start.error;
  const { fault, ...rest } = facts;
  const things = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  return [
    fault === undefined ? code : `${code}/${fault}`,
    ...things.toSorted(),
    subject.split("/").at(-1) ?? "",
  ]
    .join(" ")
    .trim();
}
