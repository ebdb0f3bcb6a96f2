import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Wallet } from "#sdk/client/index.ts";

/** RFC 8032 §7.1, test 1. */
const SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const ACCOUNT = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

describe("Wallet", () => {
  it("is the account of its seed", () => {
    expect(Wallet.fromSeed(SEED).account).toBe(ACCOUNT);
    expect(Wallet.fromSeed(SEED.toUpperCase()).account).toBe(ACCOUNT);
    expect(Wallet.fromSeed(Uint8Array.fromHex(SEED)).account).toBe(ACCOUNT);
    expect(Wallet.generate().account).not.toBe(Wallet.generate().account);
  });

  it("keeps a copy of the seed it is given", () => {
    const seed = Uint8Array.fromHex(SEED);
    const wallet = Wallet.fromSeed(seed);
    seed.fill(0);
    expect(wallet.exportKey().seed).toBe(SEED);
  });

  it("goes through a key file, as text or object", () => {
    const file = Wallet.fromSeed(SEED).exportKey();
    expect(file).toEqual({ hermetic: "key/1", seed: SEED, account: ACCOUNT });
    expect(Wallet.fromKey(file).account).toBe(ACCOUNT);
    expect(Wallet.fromKey(JSON.stringify(file)).account).toBe(ACCOUNT);
  });

  it.each([
    ["no JSON", `{"seed":"${SEED}"`],
    ["null", "null"],
    ["another version", JSON.stringify({ hermetic: "key/2", seed: SEED, account: ACCOUNT })],
    ["no seed", JSON.stringify({ hermetic: "key/1", account: ACCOUNT })],
    ["a short seed", JSON.stringify({ hermetic: "key/1", seed: SEED.slice(2), account: ACCOUNT })],
    ["another account", JSON.stringify({ hermetic: "key/1", seed: SEED, account: SEED })],
  ])("refuses a key file with %s, without quoting it", (_, text) => {
    const load = (): Wallet => Wallet.fromKey(text);
    expect(load).toThrow(expect.objectContaining({ code: "HRM2005", kind: "usage" }));
    expect(load).not.toThrow(SEED.slice(2));
  });

  it.each(["", "zz", SEED.slice(2), `${SEED}00`])("refuses the seed %j", (seed) => {
    expect(() => Wallet.fromSeed(seed)).toThrow(expect.objectContaining({ code: "HRM2005" }));
  });

  it("shows its seed neither when printed nor when turned into JSON or text", () => {
    const wallet = Wallet.fromSeed(SEED);
    const shown = [
      inspect(wallet, { depth: 9, showHidden: true }),
      JSON.stringify(wallet),
      inspect({ wallet }),
    ];
    for (const text of shown) {
      expect(text).not.toContain(SEED);
      expect(text).not.toContain("9d, 61");
      expect(text).not.toContain("157,");
    }
    expect(JSON.stringify(wallet)).toBe(`{"account":"${ACCOUNT}"}`);
  });
});
