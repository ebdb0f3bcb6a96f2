/**
 * The contracts of the guides are compiled as they stand there, deployed in a world and used as the text says.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWorld, type World } from "hermetic/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { utf8 } from "#protocol/bytes.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { build, type BuiltContract } from "#sdk/transform/index.ts";
import { codeBlocks, readPage } from "#test/support/markdown.ts";

const guides = [
  "docs/collections.md",
  "docs/cryptography.md",
  "docs/http.md",
  "docs/life-of-a-contract.md",
  "docs/writing-contracts.md",
];
const WAIT_MS = 120_000;
const contracts = new Map<string, BuiltContract>();
let folder: string;
let world: World;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "guides-"));
  for (const guide of guides) {
    for (const [index, { language, text }] of codeBlocks(readPage(guide)).entries()) {
      expect(language, guide).toBe("ts");
      const entry = join(folder, `block${index}.ts`);
      writeFileSync(entry, text);
      for (const each of (await build({ entry })).contracts) contracts.set(each.name, each);
    }
  }
}, WAIT_MS);
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  world = await createWorld();
});

async function deploy(
  name: string,
  args: Readonly<Record<string, unknown>> = {},
  secrets: Readonly<Record<string, string>> = {},
) {
  const contract = contracts.get(name);
  if (contract === undefined) throw new Error(`no guide has a contract ${name}`);
  const deployed = await world.deploy(contract.wasm, { caller: "owner", args, secrets });
  return {
    ask: (who: string, method: string, given: object = {}): Promise<unknown> =>
      deployed.as(who).query[method]?.(given) ?? Promise.reject(new Error(method)),
    tell: async (who: string, method: string, given: object = {}): Promise<unknown> =>
      (await deployed.as(who).command[method]?.(given))?.value,
  };
}

describe("docs/writing-contracts.md", () => {
  it(
    "makes a contract of three classes, with generic values",
    async () => {
      const prices = await deploy("Prices");
      await prices.tell("ann", "put", { key: "tea", value: { first: 3n, second: 0 } });
      expect(await prices.tell("bob", "ask", { key: "tea" })).toBe(3n);
      expect(await prices.ask("bob", "asked", { keys: ["tea", "milk"] })).toEqual([
        { first: "tea", second: 1 },
      ]);
      const refused = prices.tell("ann", "put", { key: "milk", value: { first: 0n, second: 0 } });
      await expect(refused).rejects.toMatchObject({ name: "Refused", args: { key: "milk" } });
      const stolen = prices.tell("bob", "handOver", { to: world.account("bob") });
      await expect(stolen).rejects.toMatchObject({ code: "HRM1308" });
      expect(await prices.ask("bob", "ownerOf")).toBe(world.account("owner"));
    },
    WAIT_MS,
  );
});

describe("docs/collections.md", () => {
  it(
    "lists and doubles shares page by page",
    async () => {
      const shares = await deploy("Shares");
      const people = Array.from({ length: 60 }, (_, index) => world.account(`holder ${index}`));
      for (const to of people) await shares.tell("owner", "give", { to, amount: 3n });
      expect(await shares.tell("owner", "doubleAll")).toBe(false);
      expect(await shares.tell("owner", "doubleAll")).toBe(true);
      type Balances = { accounts: string[]; amounts: bigint[]; next: Uint8Array | null };
      const first = (await shares.ask("ann", "list", { cursor: null })) as Balances;
      const second = (await shares.ask("ann", "list", { cursor: first.next })) as Balances;
      expect(second.next).toBeNull();
      expect([...first.accounts, ...second.accounts]).toEqual(people.toSorted());
      expect(new Set([...first.amounts, ...second.amounts])).toEqual(new Set([6n]));
    },
    WAIT_MS,
  );

  it("finds offers by price, buyer and tag", async () => {
    const market = await deploy("Market");
    for (const [price, tags] of [
      [30n, ["red", "big"]],
      [10n, ["red"]],
      [20n, ["blue"]],
    ]) {
      await market.tell("ann", "offer", { price, tags });
    }
    expect(await market.ask("bob", "cheapest", { from: 0n, to: 30n })).toEqual([1n, 2n]);
    await market.tell("bob", "buy", { id: 1n });
    expect(await market.ask("bob", "cheapest", { from: 0n, to: 100n })).toEqual([2n, 0n]);
    expect(await market.ask("bob", "boughtBy", { account: world.account("bob") })).toEqual([1n]);
    expect(await market.ask("bob", "tagged", { tag: "red" })).toEqual([0n, 1n]);
  });
});

describe("docs/cryptography.md", () => {
  it("lets the holder of an Ethereum key claim, once, and for one account", async () => {
    const wallet = nodePrimitives.secp256k1Signer(new Uint8Array(48).fill(5));
    const address = nodePrimitives.keccak256(wallet.publicKey.subarray(1)).slice(12);
    const claims = await deploy("Claims", { address, share: 7n });
    const text = (await claims.ask("ann", "text")) as string;
    const signed = utf8(`\x19Ethereum Signed Message:\n${text.length}${text}`);
    const signature = wallet.sign(nodePrimitives.keccak256(signed));
    expect(await claims.tell("bob", "claim", { signature })).toBe(0n);
    expect(await claims.tell("ann", "claim", { signature })).toBe(7n);
    expect(await claims.tell("ann", "claim", { signature })).toBe(0n);
    await expect(claims.tell("ann", "claim", { signature: new Uint8Array(65) })).toFailWith(
      "PANIC",
    );
  });

  it("signs what anybody verifies, and locks notes for their writers", async () => {
    const notary = await deploy("Notary");
    const key = (await notary.ask("ann", "publicKey")) as Uint8Array;
    const said = await notary.ask("ann", "witness", { document: utf8("deed") });
    const { text, signature } = said as { text: Uint8Array; signature: Uint8Array };
    expect(nodePrimitives.ed25519Verify(key, text, signature)).toBe(true);
    expect(text.slice(40)).toEqual(nodePrimitives.sha256(utf8("deed")));
    const note = utf8("the key is under the mat");
    const locked = (await notary.ask("ann", "lock", { note })) as Uint8Array;
    expect(await notary.ask("ann", "unlock", { locked })).toEqual(note);
    expect(await notary.ask("bob", "unlock", { locked })).toBeNull();
    expect(await notary.ask("ann", "lock", { note })).not.toEqual(locked);
    expect(world.operatorView().contains("under the mat")).toBe(false);
  });

  it("draws one of those who joined in time", async () => {
    const raffle = await deploy("Raffle");
    for (const who of ["ann", "bob", "cem"]) await raffle.tell(who, "join");
    await expect(raffle.tell("ann", "draw")).toFailWith("PANIC");
    await raffle.tell("ann", "close");
    await expect(raffle.tell("dan", "join")).toFailWith("PANIC");
    const winner = await raffle.tell("ann", "draw");
    expect(["ann", "bob", "cem"].map((who) => world.account(who))).toContain(winner);
    await expect(raffle.tell("bob", "draw")).toFailWith("PANIC");
  });
});

describe("docs/http.md", () => {
  it("asks side by side, and goes on where one does not answer", async () => {
    const payments = await deploy("Payments");
    const service = (symbol: string) => world.http.get(`https://rates.example/v1?symbol=${symbol}`);
    service("A").reply(200, { rate: 3 });
    service("B").reply(500);
    service("C").reply(200, { rate: 1.5 });
    expect(await payments.ask("ann", "rate", { symbols: ["A", "B", "C"] })).toBe(3_000_000n);
  });

  it("pays with a key that it never holds, again with the same idempotency key", async () => {
    const apiKey = "canary-in-the-key";
    const payments = await deploy("Payments", {}, { API_KEY: apiKey });
    const url = "https://pay.example/v1/payments";
    const first = world.http.post(url).reply(503).times(1);
    const second = world.http.post(url).reply(201, { key: apiKey }).times(1);
    expect(await payments.tell("ann", "pay", { amount: 5n })).toBe(201);
    const [once, again] = [first.requests[0], second.requests[0]];
    expect(once?.headers["authorization"]).toBe(`Bearer ${apiKey}`);
    expect(once?.headers["idempotency-key"]).toMatch(/^[0-9a-f]{32}$/);
    expect(again?.headers).toEqual(once?.headers);
    expect(world.operatorView().contains(apiKey)).toBe(false);
    const keyless = await deploy("Payments");
    await expect(keyless.tell("ann", "pay", { amount: 5n })).toFailWith("NotTaken");
  });
});

describe("docs/life-of-a-contract.md", () => {
  const wasmOf = (name: string): Uint8Array => contracts.get(name)?.wasm ?? new Uint8Array();

  it("charges every ten heights, ends when it was told to, and goes on in cents", async () => {
    const lease = await world.deploy(wasmOf("Lease"), { caller: "owner", args: { rent: 5n } });
    await expect(lease.as("ann").command["giveNotice"]?.()).toFailWith("CALLER_REFUSED");
    world.pass(10);
    expect(await lease.query["owing"]?.()).toBe(5n);
    await lease.command["giveNotice"]?.();
    expect((await lease.command["takeBack"]?.())?.value).toBe(true);
    const inCents = await lease.upgrade(wasmOf("LeaseInCents"));
    expect(await inCents.query["owing"]?.()).toBe(500n);
    world.pass(10);
    expect(await inCents.query["owing"]?.()).toBe(999n);
    await expect(lease.query["owing"]?.()).rejects.toMatchObject({ code: "HRM2113" });
  });

  it("stops to charge when the time of notice is over", async () => {
    const lease = await world.deploy(wasmOf("Lease"), { caller: "owner", args: { rent: 5n } });
    await lease.command["giveNotice"]?.();
    world.pass(40);
    expect(await lease.query["owing"]?.()).toBe(10n);
  });
});
