/**
 * The client against the real enclave: what an honest worker gives.
 *
 * @module
 */
import { beforeAll, describe, expect, it } from "vitest";
import { portablePrimitives } from "#crypto/portable/primitives.ts";
import {
  connect,
  ContractError,
  HermeticError,
  Wallet,
  type AccountClient,
  type Contract,
} from "#sdk/client/index.ts";
import { fixture } from "#test/support/fixtures.ts";
import { LocalWorker } from "#test/sdk/client/local-worker.ts";
import { probeAbi } from "#test/sdk/client/probe-abi.ts";

type Probe = Contract<typeof probeAbi>;

let wasm: Uint8Array;
let worker: LocalWorker;
let ann: AccountClient;
let probe: Probe;

beforeAll(async () => {
  wasm = await fixture("probe");
  worker = new LocalWorker();
  ann = await worker.account();
  probe = await ann.deploy({ wasm, abi: probeAbi });
});

describe("AccountClient.deploy()", () => {
  it("returns a handle that tells where, when and what was deployed", () => {
    expect(probe.address).toMatch(/^[0-9a-f]{64}$/);
    expect(probe.deployment?.height).toBe(3);
    expect(probe.deployment?.gasUsed).toBeGreaterThan(0);
    expect(probe.deployment?.codeHash).toBe(probe.deployment?.proof.codeHash);
    expect(probe.deployment?.proof.contract).toBe(probe.address);
  });

  it("reads the ABI from the artefact when it is given as bytes", async () => {
    const bare = await ann.deploy(wasm);
    expect(bare.address).not.toBe(probe.address);
    expect(await bare.query["peek"]?.()).toBe(0n);
  });

  it("gives the same address for the same salt, so a second deployment is refused", async () => {
    await ann.deploy(wasm, { salt: "01" });
    await expect(ann.deploy(wasm, { salt: "01" })).rejects.toMatchObject({
      code: "HRM1322",
      kind: "fault",
    });
  });

  it("seals secrets for the contract alone", async () => {
    const own = await ann.deploy({ wasm, abi: probeAbi }, { secrets: { key: "open sesame" } });
    expect(await own.query.secret({ name: "key" })).toBe("open sesame");
    expect(await probe.query.secret({ name: "key" })).toBeNull();
  });
});

describe("AccountClient.deploy(), of code that the cluster holds", () => {
  it("sends its hash, and the code itself to another cluster", async () => {
    const sizes = (): number[] => worker.seen.map(({ envelope }) => envelope.length);
    const before = sizes().length;
    await ann.deploy({ wasm, abi: probeAbi });
    expect(Math.max(...sizes().slice(before))).toBeLessThan(2048);
    const other = new LocalWorker();
    const bob = await other.account();
    await bob.deploy({ wasm, abi: probeAbi });
    expect(Math.max(...other.seen.map(({ envelope }) => envelope.length))).toBeGreaterThan(
      wasm.length,
    );
  });
});

describe("contract.command", () => {
  it("returns value, height, gas, events, logs and a receipt", async () => {
    const own = await ann.deploy({ wasm, abi: probeAbi });
    const result = await own.command.add({ amount: 5n });
    expect(result.value).toBe(5n);
    expect(result.height).toBe(worker.operator.height);
    expect(result.gasUsed).toBeGreaterThan(0);
    expect(result.events).toEqual([
      { name: "Added", args: { amount: 5n, total: 5n }, public: false },
    ]);
    expect(result.logs).toEqual([{ level: "info", text: "added" }]);
    expect(result.proof).toMatchObject({
      kind: "receipt",
      contract: own.address,
      height: result.height,
    });
  });

  it("throws the contract's own error with its fields", async () => {
    const error = await probe.command.addAtMost({ amount: 9n, most: 7n }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ContractError);
    expect(probe.isError(error) && error.name === "TooMuch" && error.args.most).toBe(7n);
    expect(error).toMatchObject({ name: "TooMuch", contract: probe.address });
  });

  it.each([
    ["a panic", 0, "HRM1305"],
    ["a trap", 1, "HRM1304"],
    ["no gas", 2, "HRM1301"],
  ])("throws a coded error for %s, with gas, height and proof", async (_, how, code) => {
    const error = await probe.command.stop({ how }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(HermeticError);
    expect(error).toMatchObject({
      code,
      kind: "fault",
      call: { method: "stop", contract: probe.address },
    });
    expect((error as HermeticError).message).toContain(`[${code}]`);
  });

  it("tells where a panic happened", async () => {
    await expect(probe.command.stop({ how: 0 })).rejects.toThrow(/stopped at .*probe\.ts:\d+/);
  });

  it("runs many at once, each once", async () => {
    const own = await ann.deploy({ wasm, abi: probeAbi });
    const results = await Promise.all(
      Array.from({ length: 300 }, () => own.command.add({ amount: 1 })),
    );
    expect(new Set(results.map(({ value }) => value)).size).toBe(300);
    expect(await own.query.peek()).toBe(300n);
  });
});

describe("contract.query", () => {
  it("returns the value alone, or with its details", async () => {
    const own = await ann.deploy({ wasm, abi: probeAbi });
    expect(await own.query.peek()).toBe(0n);
    const detailed = await own.query.peek.detailed();
    expect(detailed).toMatchObject({
      value: 0n,
      height: worker.operator.height,
      proof: { kind: "head" },
    });
    expect(await own.query.noteAt({ index: 1 })).toBeNull();
    expect(await own.query.noteAt([1])).toBeNull();
  });

  it("shows the caller as the account of the wallet", async () => {
    expect(await probe.query.who()).toBe(ann.account);
  });

  it("waits for the height it is asked for, and says so when that does not come", async () => {
    const height = worker.operator.height + 5;
    await expect(probe.query.peek({}, { atLeast: height, timeoutMs: 200 })).rejects.toMatchObject({
      code: "HRM2305",
      kind: "unreachable",
    });
    expect(await probe.query.peek({}, { atLeast: worker.operator.height })).toBe(0n);
  });
});

describe("connect()", () => {
  it("works with the portable primitives alone", async () => {
    const network = await connect("http://worker.test/", {
      fetch: worker.fetch,
      trust: { allowSimulated: true },
      primitives: portablePrimitives,
    });
    const bob = network.as(Wallet.generate());
    expect(await bob.contract(probeAbi, probe.address).query.who()).toBe(bob.account);
  });
});
