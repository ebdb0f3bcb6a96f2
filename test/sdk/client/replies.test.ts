/**
 * A worker process that tampers with replies, turns back time or shows two histories (ATTACKS 43 to 47,
 * and "The Forking Way").
 *
 * @module
 */
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { apiPaths, parseSealedBody } from "#protocol/api.ts";
import type { Contract, RememberedHead } from "#sdk/client/index.ts";
import { Wallet } from "#sdk/client/index.ts";
import { fixture } from "#test/support/fixtures.ts";
import { Operator } from "#test/support/operator.ts";
import { broken, LocalWorker, sealed } from "#test/sdk/client/local-worker.ts";
import { probeAbi } from "#test/sdk/client/probe-abi.ts";

let wasm: Uint8Array;
let worker: LocalWorker;
let probe: Contract<typeof probeAbi>;

beforeAll(async () => {
  wasm = await fixture("probe");
});

beforeEach(async () => {
  worker = new LocalWorker();
  probe = await (await worker.account()).deploy({ wasm, abi: probeAbi });
});

async function sealedOf(response: Promise<Response>): Promise<Uint8Array> {
  return parseSealedBody(new Uint8Array(await (await response).arrayBuffer()));
}

describe("a sealed reply", () => {
  it("property: is refused with any bit flipped, and any length but its own", async () => {
    const flip = fc.nat().map((at) => (bytes: Uint8Array) => {
      const changed = new Uint8Array(bytes);
      const byte = at % bytes.length;
      changed[byte] = (changed[byte] ?? 0) ^ (1 << (at % 8));
      return changed;
    });
    const cut = fc.nat().map((at) => (bytes: Uint8Array) => bytes.slice(0, at % bytes.length));
    const grow = fc
      .uint8Array({ minLength: 1 })
      .map((more) => (bytes: Uint8Array) => Uint8Array.from([...bytes, ...more]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(flip, cut, grow), async (tamper) => {
        worker.intercept = async (_, next) => sealed(tamper(await sealedOf(next())));
        await expect(probe.query.peek()).rejects.toMatchObject({ code: "HRM2108", kind: "trust" });
      }),
      { numRuns: 60 },
    );
  });

  it("is refused when it answers another request, another session or another kind of call", async () => {
    const replies: Uint8Array[] = [];
    worker.intercept = async (_, next) => {
      const bytes = await sealedOf(next());
      replies.push(bytes);
      return sealed(bytes);
    };
    await probe.query.peek();
    await probe.command.add({ amount: 1 });
    worker.intercept = (_, next) => next();
    const bob = (await worker.account()).contract(probeAbi, probe.address);
    await bob.query.peek();
    for (const old of replies) {
      worker.intercept = () => Promise.resolve(sealed(old));
      await expect(probe.query.peek()).rejects.toMatchObject({ code: "HRM2108" });
      await expect(probe.command.announce()).rejects.toMatchObject({ code: "HRM2108" });
      await expect(bob.query.peek()).rejects.toMatchObject({ code: "HRM2108" });
    }
  });

  it("is refused when it is not sealed at all", async () => {
    worker.intercept = () => Promise.resolve(new Response("", { status: 200 }));
    await expect(probe.query.peek()).rejects.toMatchObject({ code: "HRM2304" });
  });
});

describe("a rollback", () => {
  /** Starts an enclave on an earlier state of the disk. */
  function turnBack(disk: Operator["disk"]): void {
    const old = new Operator({ disk });
    old.start();
    worker.intercept = (incoming) => {
      const twin = { ...worker, operator: old };
      return LocalWorker.prototype.serve.call(twin as LocalWorker, incoming);
    };
  }

  it("is noticed by whoever has seen a newer height", async () => {
    const disk = worker.operator.copyDisk();
    for (let i = 0; i < 3; i++) await probe.command.add({ amount: 1 });
    turnBack(disk);
    await expect(probe.query.peek()).rejects.toMatchObject({ code: "HRM2111", kind: "trust" });
  });

  it("is noticed as a fork when a rolled-back worker has caught up with another history", async () => {
    const disk = worker.operator.copyDisk();
    await probe.command.add({ amount: 1 });
    turnBack(disk);
    await expect(probe.query.peek()).rejects.toMatchObject({ code: "HRM2112", kind: "trust" });
  });

  it("is noticed by a new process that remembers", async () => {
    let kept: RememberedHead | undefined;
    const remember = {
      load: () => kept,
      save: (_: string, head: RememberedHead) => {
        kept = head;
      },
    };
    const wallet = Wallet.generate();
    const disk = worker.operator.copyDisk();
    const first = (await worker.connect({ remember })).as(wallet).contract(probeAbi, probe.address);
    for (let i = 0; i < 3; i++) await first.command.add({ amount: 1 });
    expect(kept?.height).toBe(worker.operator.height);
    turnBack(disk);
    const later = (await worker.connect({ remember })).as(wallet).contract(probeAbi, probe.address);
    await expect(later.query.peek()).rejects.toMatchObject({ kind: "trust" });
    const forgetful = (await worker.connect()).as(wallet).contract(probeAbi, probe.address);
    expect(await forgetful.query.peek()).toBe(0n);
  });

  it("is not seen in replies that merely overtake each other", async () => {
    let release: (() => void) | undefined;
    worker.intercept = async ({ path }, next) => {
      const answer = await next();
      if (path === apiPaths.query) await new Promise<void>((resolve) => (release = resolve));
      return answer;
    };
    const slow = probe.query.peek();
    await probe.command.add({ amount: 1 });
    await probe.command.add({ amount: 1 });
    release?.();
    expect(await slow).toBe(0n);
  });
});

describe("a receipt signed by a boot that nobody saw", () => {
  /** The command enters the log unanswered, one boot executes and signs it, the next hands it over. */
  function crashTwice(first: (operator: Operator) => void): void {
    let crashed = false;
    worker.intercept = async ({ path, envelope }, next) => {
      if (crashed || path !== apiPaths.command) return next();
      crashed = true;
      const decision = await worker.operator.request(envelope);
      if (decision.kind === "admitted") worker.operator.disk.log.push(decision.entry);
      first(worker.operator);
      worker.operator.start();
      return broken();
    };
  }

  it.each<[string, (operator: Operator) => void]>([
    ["was logged", (operator) => operator.start()],
    ["ended before it was logged", (operator) => operator.restore()],
  ])("is taken for what its seal proves if that boot %s, without a key", async (_, first) => {
    crashTwice(first);
    const { value, proof } = await probe.command.add({ amount: 3 });
    expect(value).toBe(3n);
    expect(proof.workerKey).toBeNull();
    expect(proof.bootEpoch).toBeGreaterThan(1);
    expect(proof.bootEpoch).toBeLessThanOrEqual(worker.operator.info().bootEpoch);
    const next = await probe.query.peek.detailed();
    expect(next.value).toBe(3n);
    expect(next.proof.workerKey).not.toBeNull();
  });
});

describe("remember", () => {
  it("passes a failure to save on to the call", async () => {
    const remember = { load: () => undefined, save: () => Promise.reject(new Error("disk full")) };
    const contract = (await worker.connect({ remember }))
      .as(Wallet.generate())
      .contract(probeAbi, probe.address);
    await expect(contract.query.peek()).rejects.toThrow("disk full");
  });

  it("refuses a damaged head", async () => {
    for (const head of [
      { height: -1, digest: "00".repeat(32), bootEpoch: 1 },
      { height: 1, digest: "00", bootEpoch: 1 },
      { height: 1, digest: "00".repeat(32), bootEpoch: Number.NaN },
    ]) {
      const remember = { load: () => head, save: () => undefined };
      await expect(worker.connect({ remember })).rejects.toMatchObject({ code: "HRM2006" });
    }
  });
});

describe("codeHash", () => {
  it("pins the code behind an address", async () => {
    const ann = await worker.account();
    const codeHash = probe.deployment?.codeHash ?? "";
    expect(await ann.contract(probeAbi, probe.address, { codeHash }).query.peek()).toBe(0n);
    const pinned = ann.contract(probeAbi, probe.address, { codeHash: "11".repeat(32) });
    await expect(pinned.query.peek()).rejects.toMatchObject({ code: "HRM2113", kind: "trust" });
  });
});
