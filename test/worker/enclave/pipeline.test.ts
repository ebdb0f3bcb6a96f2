/**
 * The commit pipeline on a log that does as told: order, batches, and what a failed disk leaves.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import type { EnclaveToWorkerExecuted } from "#protocol/messages.ts";
import { Pipeline } from "#worker/enclave/pipeline.ts";
import { WorkerError } from "#worker/error.ts";
import type { LogEngine } from "#worker/log/engine.ts";

const entry = (fill: number, bytes = 8) => new Uint8Array(bytes).fill(fill);

function step(height: number): EnclaveToWorkerExecuted {
  return { type: "executed", height, delta: new Uint8Array(), replies: [], events: [] };
}

/** A log whose appends finish when the test says so. */
function stage() {
  const appends: { entries: number; finish: () => void; fail: () => void }[] = [];
  const seen = { executed: [] as number[], committed: [] as number[], failures: [] as unknown[] };
  let height = 0;
  const log: LogEngine = {
    get height() {
      return height;
    },
    append: (entries) => {
      return new Promise((resolve, reject) => {
        appends.push({
          entries: entries.length,
          finish: () => {
            height += entries.length;
            resolve(height);
          },
          fail: () => reject(new WorkerError("DATA_WRITE")),
        });
      });
    },
    read: () => {
      throw new Error("not read here");
    },
    close: () => Promise.resolve(),
  };
  const pipeline = new Pipeline({
    log,
    execute: ({ firstHeight }) => seen.executed.push(firstHeight),
    commit: (own) => seen.committed.push(own.height),
    mayContinue: () => Promise.resolve(),
    fail: (error) => seen.failures.push(error),
  });
  return { pipeline, appends, seen };
}

describe("Pipeline", () => {
  it("gives the enclave durable entries only, and commits what it executed of them", async () => {
    const { pipeline, appends, seen } = stage();
    expect(pipeline.submit(entry(1))).toBe(1);
    await expect.poll(() => appends.length).toBe(1);
    expect(seen.executed).toEqual([]);
    appends[0]?.finish();
    await expect.poll(() => seen.executed).toEqual([1]);
    expect(seen.committed).toEqual([]);
    pipeline.executed(step(1));
    await pipeline.reached(1);
    expect(seen.committed).toEqual([1]);
  });

  it("brings the next batch to the disk while the enclave executes one, and no further", async () => {
    const { pipeline, appends, seen } = stage();
    pipeline.submit(entry(1));
    await expect.poll(() => appends.length).toBe(1);
    appends[0]?.finish();
    await expect.poll(() => seen.executed).toEqual([1]);
    pipeline.submit(entry(2));
    await expect.poll(() => appends.length).toBe(2);
    appends[1]?.finish();
    pipeline.submit(entry(3));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen.executed).toEqual([1]);
    expect(appends).toHaveLength(2);
    pipeline.executed(step(1));
    await expect.poll(() => seen.executed).toEqual([1, 2]);
    await expect.poll(() => appends.length).toBe(3);
  });

  it("gathers what arrives meanwhile into the next batch, within its limits", async () => {
    const { pipeline, appends } = stage();
    pipeline.submit(entry(1));
    await expect.poll(() => appends.length).toBe(1);
    for (let i = 0; i < 1_500; i++) pipeline.submit(entry(2));
    expect(appends).toHaveLength(1);
    appends[0]?.finish();
    await expect.poll(() => appends.length).toBe(2);
    expect(appends[1]?.entries).toBe(1_024);
    expect(pipeline.queued).toBe(476);
  });

  it("releases the parts of a batch one by one as they are executed", async () => {
    const { pipeline, appends, seen } = stage();
    for (let i = 0; i < 5; i++) pipeline.submit(entry(i));
    await expect.poll(() => appends.length).toBe(1);
    appends[0]?.finish();
    pipeline.executed(step(2));
    await pipeline.reached(2);
    expect(seen.committed).toEqual([2]);
    pipeline.executed(step(5));
    expect(seen.committed).toEqual([2, 5]);
    await pipeline.settled();
  });

  it("confirms nothing after a failed append, and tells the enclave nothing of it", async () => {
    const { pipeline, appends, seen } = stage();
    pipeline.submit(entry(1));
    await expect.poll(() => appends.length).toBe(1);
    appends[0]?.fail();
    await expect.poll(() => seen.failures.length).toBe(1);
    expect(seen.failures[0]).toMatchObject({ reason: "DATA_WRITE" });
    pipeline.submit(entry(2));
    pipeline.executed(step(2));
    expect(appends).toHaveLength(1);
    expect(seen).toMatchObject({ executed: [], committed: [] });
    await expect(pipeline.reached(1)).rejects.toMatchObject({ reason: "STOPPING" });
  });
});
