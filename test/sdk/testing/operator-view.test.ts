/**
 * `world.operatorView()`: it must find what leaks, or its silence would prove nothing.
 *
 * @module
 */
import { createWorld, type World } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { formsOf } from "#sdk/testing/operator/needle.ts";
import workshop from "contract:workshop";

const SECRET = "swordfish-73";

describe("operatorView()", () => {
  let world: World;
  let contract: Awaited<ReturnType<typeof open>>;

  const open = () => world.deploy(workshop, { args: { total: 0n } });

  beforeEach(async () => {
    world = await createWorld();
    contract = await open();
  });

  it("finds a secret that a contract emits as a public event", async () => {
    await contract.command.shout({ text: `the word is ${SECRET}!` });
    const view = world.operatorView();
    expect(view.contains(SECRET)).toBe(true);
    expect(view.find(SECRET)).toMatchObject({ form: "utf-8" });
    expect(view.find(SECRET)?.where).toMatch(/^frame \d+ \(executed\)$/);
  });

  it("finds a secret that a contract puts into a host name", async () => {
    const url = `https://${SECRET}.example/`;
    world.http.get(url).reply(200);
    await contract.query.ask({ url });
    expect(world.operatorView().contains(SECRET)).toBe(true);
  });

  it("finds what a public event says in hexadecimal, base64 and numbers", async () => {
    const bytes = new TextEncoder().encode(SECRET);
    for (const text of [bytes.toHex(), `x${bytes.toBase64()}`, `1234567890`]) {
      await contract.command.shout({ text });
    }
    const view = world.operatorView();
    expect(view.contains(bytes)).toBe(true);
    expect(view.contains(SECRET)).toBe(true);
    expect(view.contains(1_234_567_890n)).toBe(true);
  });

  it("does not find arguments, state, results, logs, answers and secrets", async () => {
    const url = `https://notes.example/${SECRET}`;
    world.http.get(url).reply(200, SECRET, { "x-secret": SECRET });
    await contract.command.fetchNote({ url });
    await contract.command.say({ text: SECRET });
    await contract.command.add({ amount: 0x1234_5678_9abcn });
    await contract.query.sum();
    world.checkpoint();
    world.restart();
    const view = world.operatorView();
    expect(view.find(SECRET)).toBeUndefined();
    expect(view.find(0x1234_5678_9abcn)).toBeUndefined();
    expect(view.find("fetchNote")).toBeUndefined();
    expect(view.find(Uint8Array.fromHex(contract.account))).toBeUndefined();
    expect(view.bytes).toBeGreaterThan(10_000);
  });

  it("has equal shapes for calls that differ in a value only, and others for other calls", async () => {
    const run = async (amount: bigint, calls = 2) => {
      const other = await createWorld();
      const deployed = await other.deploy(workshop, { args: { total: amount } });
      for (let i = 0; i < calls; i++) await deployed.command.add({ amount });
      return other.operatorView().shape();
    };
    expect(await run(1n)).toEqual(await run(2n ** 60n));
    expect(await run(1n)).not.toEqual(await run(1n, 3));
  });
});

describe("formsOf()", () => {
  it("knows text, bytes and integers in the forms they are written in", () => {
    const forms = (secret: Parameters<typeof formsOf>[0]) =>
      formsOf(secret).map(({ bytes }) => bytes.toString("latin1"));
    expect(forms("gold-bar")).toEqual(
      expect.arrayContaining(["gold-bar", "g\0o\0l\0d\0-\0b\0a\0r\0", "676f6c642d626172"]),
    );
    expect(forms(Uint8Array.of(0xde, 0xad, 0xbe, 0xef))).toContain("DEADBEEF");
    expect(forms(0x0102_0304n)).toEqual(
      expect.arrayContaining(["16909060", "\x01\x02\x03\x04", "\x04\x03\x02\x01"]),
    );
  });

  it("finds base64 wherever the secret begins", () => {
    for (const before of ["", "a", "ab", "abc"]) {
      const text = Buffer.from(`${before}${SECRET} and more`).toString("base64");
      expect(
        formsOf(SECRET).some(({ bytes }) => text.includes(bytes.toString())),
        before,
      ).toBe(true);
    }
  });

  it("refuses a secret that would be found by chance", () => {
    expect(() => formsOf("abc")).toThrow(RangeError);
    expect(() => formsOf(Uint8Array.of(1, 2, 3))).toThrow(RangeError);
    expect(() => formsOf(999)).toThrow(RangeError);
  });
});
