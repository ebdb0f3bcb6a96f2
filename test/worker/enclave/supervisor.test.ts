/**
 * One worker from start to stop: commit order, restarts, snapshots, and how it fails.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { freshDirectory } from "../support/directory.ts";
import { requestIdOf } from "../support/fake-enclave.ts";
import { ask, receiptOf, sealedText, startFake } from "../support/worker.ts";

const requestId = (envelope: string) => requestIdOf(Buffer.from(envelope));

describe("Supervisor", () => {
  it("stores the new cluster, logs the boot, and answers queries and commands", async () => {
    const path = join(freshDirectory(), "data");
    const { supervisor, enclave } = await startFake(path);
    expect(readFileSync(join(path, "cluster.sealed"), "utf8")).toBe("cluster");
    expect(enclave.entries).toEqual(["boot"]);
    expect(sealedText(await ask(supervisor, "query"))).toBe("query");
    expect(sealedText(await ask(supervisor, "command"))).toBe("command");
    expect(await ask(supervisor, "x")).toEqual({
      kind: "refused",
      number: 201,
      facts: { limit: 7 },
    });
    expect(supervisor.status.height).toBe(2);
    await supervisor.stop();
  });

  it("answers many commands at once, in few batches", async () => {
    const { supervisor, enclave } = await startFake(join(freshDirectory(), "data"));
    const envelopes = Array.from({ length: 3_000 }, (_, at) => `command ${at}`);
    const answers = await Promise.all(envelopes.map((envelope) => ask(supervisor, envelope)));
    expect(answers.map(sealedText)).toEqual(envelopes);
    expect(enclave.entries).toEqual(["boot", ...envelopes]);
    const batches = enclave.received.filter(({ type }) => type === "execute");
    expect(batches.length).toBeLessThan(100);
    await supervisor.stop();
  });

  it("starts again from deltas and log, and still has the receipts", async () => {
    const path = join(freshDirectory(), "data");
    const first = await startFake(path);
    for (const envelope of ["a", "b"]) await ask(first.supervisor, envelope);
    await first.supervisor.stop();
    const second = await startFake(path);
    expect(second.enclave.restored).toEqual({ snapshot: 0, deltas: 3, entries: 0 });
    expect(second.enclave.entries).toEqual(["boot", "a", "b", "boot"]);
    expect(sealedText(await receiptOf(second.supervisor, requestId("a")))).toBe("a");
    expect(sealedText(await receiptOf(second.supervisor, requestId("z")))).toBe("HRM4404");
    await second.supervisor.stop();
  });

  it("executes again what deltas and receipts do not cover", async () => {
    const path = join(freshDirectory(), "data");
    const first = await startFake(path);
    for (const envelope of ["a", "b"]) await ask(first.supervisor, envelope);
    await first.supervisor.stop();
    rmSync(join(path, "receipts"));
    const second = await startFake(path);
    expect(second.enclave.restored).toEqual({ snapshot: 0, deltas: 0, entries: 3 });
    expect(sealedText(await receiptOf(second.supervisor, requestId("b")))).toBe("b");
    await second.supervisor.stop();
  });

  it("holds a receipt's request while its command is on its way", async () => {
    let hold = true;
    const held: (() => void)[] = [];
    const { supervisor } = await startFake(
      join(freshDirectory(), "data"),
      {},
      {
        before: (message, fake) => {
          if (message.type !== "execute" || !hold || fake.entries.length === 0) return false;
          held.push(() => fake.send(message));
          return true;
        },
      },
    );
    const answer = ask(supervisor, "slow");
    await expect.poll(() => held.length).toBe(1);
    const receipt = receiptOf(supervisor, requestId("slow"));
    hold = false;
    held[0]?.();
    expect(sealedText(await receipt)).toBe("slow");
    expect(sealedText(await answer)).toBe("slow");
    await supervisor.stop();
  });

  it("replaces snapshot and deltas once the checkpoint is in the log, and starts from them", async () => {
    const path = join(freshDirectory(), "data");
    const snapshots = { deltaBytes: 1e9, heights: 10 };
    const first = await startFake(path, { snapshots });
    for (let at = 0; at < 40; at++) await ask(first.supervisor, `c${at}`);
    await expect.poll(() => first.supervisor.status.snapshot_height).toBeGreaterThan(20);
    const snapshotFiles = () => readdirSync(path).filter((name) => name.startsWith("snapshot-"));
    await expect.poll(() => snapshotFiles().length).toBe(1);
    await first.supervisor.stop();
    const entries = [...first.enclave.entries];
    const second = await startFake(path, { snapshots });
    expect(second.enclave.restored.snapshot).toBeGreaterThan(20);
    expect(second.enclave.restored.entries).toBe(0);
    expect(second.enclave.entries.slice(0, entries.length)).toEqual(entries);
    await second.supervisor.stop();
  });

  it("replays the whole log when told to rebuild", async () => {
    const path = join(freshDirectory(), "data");
    const snapshots = { deltaBytes: 1e9, heights: 5 };
    const first = await startFake(path, { snapshots });
    for (let at = 0; at < 20; at++) await ask(first.supervisor, `c${at}`);
    await first.supervisor.stop();
    for (const name of readdirSync(path)) {
      if (name.startsWith("snapshot-")) writeFileSync(join(path, name), "damaged");
    }
    await expect(startFake(path)).rejects.toMatchObject({ reason: "DATA_DAMAGED" });
    const second = await startFake(path, { rebuild: true });
    expect(second.enclave.restored.snapshot).toBe(0);
    expect(second.enclave.restored.entries).toBe(first.enclave.entries.length);
    expect(sealedText(await receiptOf(second.supervisor, requestId("c3")))).toBe("c3");
    await second.supervisor.stop();
  });

  it("tells everybody when the enclave dies, and stays stopped", async () => {
    const path = join(freshDirectory(), "data");
    const { supervisor } = await startFake(
      path,
      {},
      {
        before: (message, fake) => {
          if (message.type !== "request") return false;
          fake.die();
          return true;
        },
      },
    );
    expect(sealedText(await ask(supervisor, "command"))).toBe("HRM4505");
    await expect(supervisor.failed).rejects.toMatchObject({ reason: "ENCLAVE_EXITED" });
    expect(sealedText(await ask(supervisor, "query"))).toBe("HRM4505");
    await supervisor.stop();
    const again = await startFake(path);
    await again.supervisor.stop();
  });

  it("names the fault when the enclave refuses to start, and lets go of the directory", async () => {
    const path = join(freshDirectory(), "data");
    const refusing = {
      before: (message: { type: string }, fake: { say: (m: never) => void }) => {
        if (message.type !== "boot") return false;
        fake.say({ type: "refused", fault: 502, facts: { delta: 3 } } as never);
        return true;
      },
    };
    await expect(startFake(path, {}, refusing)).rejects.toMatchObject({
      reason: "ENCLAVE_REFUSED",
      facts: { fault: 502, delta: 3 },
    });
    const again = await startFake(path);
    await again.supervisor.stop();
  });

  it("answers late requests with a timeout", async () => {
    const { supervisor } = await startFake(
      join(freshDirectory(), "data"),
      { requestTimeoutMs: 50 },
      { before: ({ type }) => type === "request" },
    );
    expect(sealedText(await ask(supervisor, "query"))).toBe("HRM4504");
    await supervisor.stop();
  });

  it("lets a height pass only when none has for a while", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const { supervisor, enclave } = await startFake(join(freshDirectory(), "data"), { tickMs: 40 });
    const looks = (count: number) => vi.advanceTimersByTime(40 * count);
    for (let i = 0; i < 3; i++) {
      looks(1);
      await ask(supervisor, `command ${i}`);
    }
    expect(enclave.received.some(({ type }) => type === "tick")).toBe(false);
    looks(2);
    await expect.poll(() => enclave.entries.at(-1)).toBe("tick");
    await supervisor.stop();
    const after = enclave.received.length;
    looks(5);
    expect(enclave.received).toHaveLength(after);
  });

  it("refuses a second worker on the same directory", async () => {
    const path = join(freshDirectory(), "data");
    const { supervisor } = await startFake(path);
    await expect(startFake(path)).rejects.toMatchObject({ reason: "DATA_LOCKED" });
    await supervisor.stop();
    expect(existsSync(join(path, "lock"))).toBe(true);
    const again = await startFake(path);
    await again.supervisor.stop();
  });
});
