/**
 * The world: real calls, a clock that stands still, recovery and snapshots.
 *
 * @module
 */
import { createWorld, Wallet, type World } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { TIME_STEP_MS_MAX } from "#protocol/limits.ts";
import workshop from "contract:workshop";

describe("World", () => {
  let world: World;

  beforeEach(async () => {
    world = await createWorld();
  });

  const open = (total = 0n) => world.deploy(workshop, { args: { total } });

  describe("deploy()", () => {
    it("gives a handle whose default caller is the deployer", async () => {
      const contract = await world.deploy(workshop, { caller: "ann", args: { total: 1n } });
      expect(contract.account).toBe(world.account("ann"));
      expect((await contract.query.where()).caller).toBe(world.account("ann"));
      expect(contract.deployment.codeHash).toBe(workshop.codeHash);
    });

    it("takes the bytes of a component alone", async () => {
      const contract = await world.deploy(workshop.wasm, { args: { total: 7n } });
      expect(await contract.query["sum"]?.()).toBe(7n);
    });

    it("fails as @init does", async () => {
      await expect(open(13n)).toFailWith("Refused", { code: 13, reason: "unlucky" });
    });

    it("seals secrets for the contract", async () => {
      const secrets = { TOKEN: "t0ken-in-the-safe" };
      const contract = await world.deploy(workshop, { args: { total: 0n }, secrets });
      expect(await contract.query.hasSecret({ name: "TOKEN" })).toBe(true);
      expect(await contract.query.hasSecret({ name: "OTHER" })).toBe(false);
      expect(world.operatorView().contains(secrets.TOKEN)).toBe(false);
    });
  });

  describe("calls", () => {
    it("that take long do not keep others from the log", async () => {
      const contract = await open(1n);
      const rounds = 500_000;
      const calls = [
        contract.command.grind({ rounds }),
        contract.as("ann").command.add({ amount: 2n }),
        contract.as("bob").command.grind({ rounds }),
        contract.as("cam").command.add({ amount: 3n }),
      ];
      const heights = (await Promise.all(calls)).map(({ height }) => height);
      expect(new Set(heights).size).toBe(calls.length);
      expect(await contract.query.sum()).toBe(6n);
      world.pass();
      expect((await contract.command.grind({ rounds: 1 })).height).toBeGreaterThan(
        Math.max(...heights) + 1,
      );
    });

    it("return value, height, gas, events, logs and a proof", async () => {
      const contract = await open(1n);
      const result = await contract.as("ann").command.add({ amount: 2n });
      expect(result).toMatchObject({
        value: 3n,
        height: world.height,
        events: [{ name: "Added", args: { by: world.account("ann"), total: 3n }, public: false }],
        proof: { kind: "receipt", contract: contract.address, codeHash: workshop.codeHash },
      });
      expect(result.gasUsed).toBeGreaterThan(0);
    });

    it("are made by whoever is named, or holds the wallet", async () => {
      const contract = await open();
      await contract.as("ann").command.add({ amount: 2n });
      expect(await contract.as("ann").query.share()).toBe(2n);
      expect(await contract.as("bob").query.share()).toBe(0n);
      const wallet = Wallet.generate();
      expect((await contract.as(wallet).query.where()).caller).toBe(wallet.account);
    });

    it("have the rules of a worker", async () => {
      const contract = await open();
      await expect(contract.as("ann").command.reset()).toFailWith("HRM1308");
      await expect(contract.command.spin()).toFailWith("OUT_OF_GAS");
      await expect(contract.query.fail()).toFailWith("Refused", { code: 1 });
      await expect(contract.command.add({ amount: -1n })).rejects.toMatchObject({
        code: "HRM2001",
      });
      expect(await contract.query.sum()).toBe(0n);
    });

    it("run at the same time without losing one", async () => {
      const contract = await open();
      const calls = Array.from({ length: 50 }, () => contract.command.add({ amount: 1n }));
      await Promise.all(calls);
      expect(await contract.query.sum()).toBe(50n);
    });

    it("log into the world", async () => {
      const contract = await open();
      await contract.command.say({ text: "hello" });
      expect(world.logs).toEqual([
        { contract: "Workshop", method: "say", level: "info", text: "hello" },
        { contract: "Workshop", method: "say", level: "warn", text: "said" },
      ]);
    });

    it("refuse a caller without a name", async () => {
      const contract = await open();
      await expect(contract.as("").query.sum()).rejects.toMatchObject({ code: "HRM5012" });
    });
  });

  describe("failed calls", () => {
    it("point at the line of the contract, then at the line of the test", async () => {
      const contract = await open();
      const error = await contract.command.panic().catch((failure: unknown) => failure as Error);
      const [, first, ...rest] = String((error as Error).stack).split("\n    at ");
      expect((error as Error).message).toContain("the workshop is on fire at workshop.ts:");
      expect(first).toMatch(/^Workshop\.panic \(.*fixtures\/contracts\/workshop\.ts:\d+:\d+\)$/);
      expect(rest.find((frame) => !frame.includes("workshop.ts"))).toContain("world.test.ts");
    });
  });

  describe("time", () => {
    it("stands still until it is moved", async () => {
      const contract = await open();
      const { now } = await contract.query.where();
      expect(now).toBe(BigInt(Date.UTC(2030, 0, 1) / 1000));
      world.time.advance({ days: 1, minutes: 1, seconds: 1, ms: 500 });
      expect((await contract.query.where()).now).toBe(now + 86_461n);
      world.time.set("2031-01-01T00:00:00Z");
      expect((await contract.query.where()).now).toBe(world.time.now());
    });

    it("begins when it is told to", async () => {
      const early = await createWorld({ startsAt: new Date("2020-05-05T00:00:00Z") });
      expect(early.time.now()).toBe(BigInt(Date.UTC(2020, 4, 5) / 1000));
    });

    it("takes commands along over years, which no single entry may skip", async () => {
      const contract = await open();
      world.time.advance(TIME_STEP_MS_MAX * 3);
      await contract.command.add({ amount: 1n });
      expect((await contract.query.where()).now).toBe(world.time.now());
    });

    it("takes commands along over years that pass in steps, also after a return to the past", async () => {
      const contract = await open();
      const before = world.snapshot();
      for (const stepMs of [TIME_STEP_MS_MAX * 0.7, TIME_STEP_MS_MAX * 0.7, TIME_STEP_MS_MAX]) {
        world.time.advance(stepMs);
      }
      await contract.command.add({ amount: 1n });
      world.restore(before);
      for (let step = 0; step < 5; step++) world.time.advance(TIME_STEP_MS_MAX * 0.4);
      await contract.command.add({ amount: 1n });
      expect((await contract.query.where()).now).toBe(world.time.now());
    });

    it("lets a caller come back after their session was forgotten", async () => {
      const contract = await open();
      world.time.advance({ days: 30 });
      expect(await contract.as("new").query.sum()).toBe(0n);
      await contract.command.add({ amount: 1n });
    });

    it("does not run back", () => {
      expect(() => world.time.set("2029-12-31T23:59:59Z")).toThrow("HRM5008");
      expect(() => world.time.advance({ seconds: -1 })).toThrow("HRM5008");
      expect(() => world.time.set("no date")).toThrow("HRM5008");
    });
  });

  describe("snapshot() and restore()", () => {
    it("bring back state and time, again and again", async () => {
      const contract = await open(1n);
      const snapshot = world.snapshot();
      for (const amount of [1n, 2n]) {
        world.time.advance({ hours: 1 });
        await contract.as("ann").command.add({ amount });
        world.restore(snapshot);
        expect(await contract.query.sum()).toBe(1n);
        expect(world.time.now()).toBe(BigInt(Date.UTC(2030, 0, 1) / 1000));
      }
      await expect(contract.command.add({ amount: 5n })).toHaveEmitted("Added", { total: 6n });
    });

    it("forget contracts that were deployed since", async () => {
      const snapshot = world.snapshot();
      const contract = await open();
      world.restore(snapshot);
      await expect(contract.query.sum()).toFailWith("CONTRACT_UNKNOWN");
    });
  });

  describe("restart()", () => {
    it("recovers from deltas and log", async () => {
      const contract = await open();
      await contract.as("ann").command.add({ amount: 3n });
      const { bootEpoch } = (await contract.command.rewrite()).proof;
      world.restart();
      const after = await contract.command.rewrite();
      expect(await contract.as("ann").query.share()).toBe(3n);
      expect(after.proof.bootEpoch).toBeGreaterThan(bootEpoch);
    });

    it("recovers from a sealed snapshot and what came after it", async () => {
      const contract = await open();
      await contract.command.add({ amount: 3n });
      world.checkpoint();
      await contract.command.add({ amount: 4n });
      world.restart();
      expect(await contract.query.sum()).toBe(7n);
      expect(world.operatorView().snapshot.length).toBeGreaterThan(0);
    });

    it("replays the whole log to the same state", async () => {
      const contract = await open();
      await contract.command.add({ amount: 3n });
      world.http.get("https://notes.example/1").reply(200, "from the web").times(1);
      await contract.command.fetchNote({ url: "https://notes.example/1" });
      const before = world.states();
      world.restart({ rebuild: true });
      expect(world.states()).toEqual(before);
    });
  });

  describe("gas", () => {
    it("is a table by contract and method", async () => {
      const contract = await open();
      const used = [];
      for (const amount of [1n, 2n, 3n]) {
        used.push((await contract.command.add({ amount })).gasUsed);
      }
      await contract.query.sum();
      const rows = world.gas.rows();
      expect(rows.map(({ method }) => method)).toEqual(["@init", "add", "sum"]);
      expect(rows[1]).toMatchObject({
        contract: "Workshop",
        calls: 3,
        min: Math.min(...used),
        max: Math.max(...used),
      });
      expect(String(world.gas)).toMatch(/^contract +method +calls +min +median +max\nWorkshop/);
    });
  });
});
