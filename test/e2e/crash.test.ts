/**
 * `kill -9` of the worker at random moments, while several wallets send commands: ATTACKS 85.
 *
 * Goal: what was acknowledged is in the state exactly once, what was not at most once, and a client that
 * is patient enough always gets its command through exactly once. Method: two kinds of wallets number
 * their commands; a contract counts how often each number came; the worker is killed at seeded random
 * moments of its start and its work. `E2E_SEED` repeats a run's moments.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished, vi } from "vitest";
import { HermeticError, type Contract } from "#sdk/client/index.ts";
import { Proxy } from "./support/proxy.ts";
import { account, fixture, Site } from "./support/site.ts";
import { seeded } from "./support/seeded.ts";

vi.setConfig({ testTimeout: 180_000 });

const ROUNDS = 20;
/** Milliseconds a patient client waits: longer than any of the outages here. */
const PATIENT_MS = 120_000;
/** Milliseconds an impatient one waits: about as long as it takes to be killed. */
const IMPATIENT_MS = 120;

/** The numbers a wallet has sent. */
class Sender {
  readonly acknowledged: number[] = [];
  readonly unknown: number[] = [];
  readonly #contract: Contract;
  readonly #first: number;
  readonly #timeoutMs: number;
  isOver = false;

  constructor(contract: Contract, first: number, timeoutMs: number) {
    this.#contract = contract;
    this.#first = first;
    this.#timeoutMs = timeoutMs;
  }

  get sent(): number {
    return this.acknowledged.length + this.unknown.length;
  }

  async run(): Promise<void> {
    while (!this.isOver) {
      const id = this.#first + this.sent;
      try {
        const options = { timeoutMs: this.#timeoutMs };
        await this.#contract.run("note", { id, text: `text of ${id}` }, options);
        this.acknowledged.push(id);
      } catch (error) {
        if (!(error instanceof HermeticError) || error.kind !== "unreachable") throw error;
        this.unknown.push(id);
        // A query or a session that cannot be had in time fails at once.
        await sleep(10);
      }
    }
  }

  /** How often each number came. */
  async counts(reader: Contract): Promise<Map<number, number>> {
    const range = { from: this.#first, to: this.#first + this.sent };
    const counts = (await reader.read("counts", range, {})).value as number[];
    return new Map(counts.map((count, at) => [this.#first + at, count]));
  }
}

it("kill -9 at any moment loses nothing that was acknowledged and repeats nothing", async () => {
  const random = seeded();
  const site = new Site(onTestFinished);
  const proxy = await Proxy.start(onTestFinished);
  const data = site.path("data");
  const [artefact, first] = await Promise.all([fixture("tally"), site.worker(data)]);
  proxy.target = (await first.ready).url;
  const owner = await account(proxy.url);
  const { address } = await owner.deploy(artefact);

  const senders = await Promise.all(
    [PATIENT_MS, PATIENT_MS, IMPATIENT_MS, IMPATIENT_MS].map(async (timeoutMs, at) => {
      const wallet = await account(proxy.url);
      const contract = wallet.contract(artefact.abi, address);
      await contract.run("note", { id: at, text: "" }, {});
      return new Sender(contract, (at + 1) * 1_000_000, timeoutMs);
    }),
  );
  const running = Promise.all(senders.map((sender) => sender.run()));
  running.catch(() => undefined); // awaited at the end

  let worker = first;
  const acknowledged = (): number =>
    senders.reduce((sum, sender) => sum + sender.acknowledged.length, 0);
  let before = 0;
  for (let round = 0; round < ROUNDS; round++) {
    // The moment is random, but not before the clients have found the worker again.
    for (let waits = 0; worker.isServing && acknowledged() === before && waits < 150; waits++) {
      await sleep(20);
    }
    await sleep(random.below(150));
    await worker.kill();
    before = acknowledged();
    worker = site.spawn(data);
    if (random.below(4) === 0) {
      // Some die before they serve.
      await sleep(random.below(800));
      continue;
    }
    proxy.target = (await worker.ready).url;
  }
  if (worker.isRunning) await worker.ready;
  proxy.target = (await worker.ready).url;
  await sleep(500);
  for (const sender of senders) sender.isOver = true;
  await running;

  const reader = owner.contract(artefact.abi, address);
  let sum = senders.length;
  for (const sender of senders) {
    const counts = await sender.counts(reader);
    for (const id of sender.acknowledged) expect(counts.get(id), `acknowledged ${id}`).toBe(1);
    for (const id of sender.unknown) expect(counts.get(id), `unknown ${id}`).toBeLessThan(2);
    for (const count of counts.values()) sum += count;
  }
  expect((await reader.read("sum", {}, {})).value).toBe(sum);
  const unknown = senders.map((sender) => sender.unknown.length);
  expect(unknown.slice(0, 2)).toEqual([0, 0]);
  // Otherwise nothing was tested.
  expect(acknowledged()).toBeGreaterThan(ROUNDS);
  expect((unknown[2] ?? 0) + (unknown[3] ?? 0)).toBeGreaterThan(0);
  expect((await worker.stop()).status).toBe(0);
});
