/**
 * Goal: keys, seals, draws and walks are the same on every worker and belong to one contract of one cluster.
 * Method: a contract that writes all of them into its state, executed again from its log.
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toHex, utf8 } from "#protocol/bytes.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { Operator } from "#test/support/operator.ts";
import { RawClient } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { args, told } from "#test/support/values.ts";

describe("a contract's keys and draws", () => {
  let code: Uint8Array;
  let operator: Operator;
  let ann: RawClient;
  let vault: Uint8Array;

  beforeAll(async () => {
    code = await fixture("vault");
  });
  beforeEach(async () => {
    operator = new Operator().start();
    ann = await RawClient.open(operator, 1);
    vault = await ann.deployed(code, { method: "open" });
  });

  const keep = async (text: string): Promise<Uint8Array> =>
    told(await ann.command(vault, "keep", args(utf8(text)))) as Uint8Array;
  const ask = async (method: string, ...given: (number | string)[]): Promise<Uint8Array> =>
    told(await ann.query(vault, method, args(...given))) as Uint8Array;
  const hex = async (method: string, ...given: (number | string)[]): Promise<string> =>
    toHex(await ask(method, ...given));

  it("are the same when the log is executed again, from nothing and from a snapshot", async () => {
    await keep("one");
    operator.takeSnapshot();
    await keep("two");
    const before = toHex(operator.info().digest);
    const seals = [await hex("sealedAt", 0), await hex("sealedAt", 1), await hex("drawnAt", "b2")];
    operator.start({ rebuild: true });
    const again = [await hex("sealedAt", 0), await hex("sealedAt", 1), await hex("drawnAt", "b2")];
    expect(again).toEqual(seals);
    const { disk } = operator;
    const other = new Operator({
      disk: { ...disk, deltas: [], snapshot: { height: 0, pieces: [] } },
    });
    other.restore({ rebuild: true });
    expect(disk.log.length).toBe(other.info().height);
    expect(before).not.toBe("");
    expect(toHex(other.info().digest)).toBe(toHex(operator.info().digest));
  });

  it("open in a query what a command has sealed, and after a restart", async () => {
    await keep("one");
    await keep("one");
    expect(await ask("reveal", 1)).toEqual(utf8("one"));
    operator.start();
    expect(await ask("reveal", 0)).toEqual(utf8("one"));
    expect(await hex("sealedAt", 0)).not.toBe(await hex("sealedAt", 1));
    expect(await ask("list")).toBe("b2,b1,a2,a1");
  });

  it("are the same in a query and in a command, and verify", async () => {
    const key = await ask("publicKey");
    expect(told(await ann.command(vault, "publicKeyOrdered", args()))).toEqual(key);
    const signature = await keep("text");
    expect(nodePrimitives.ed25519Verify(key, utf8("text"), signature)).toBe(true);
  });

  it("differ from contract to contract and from cluster to cluster", async () => {
    const keys = [await hex("publicKey")];
    vault = await ann.deployed(code, { method: "open", salt: Uint8Array.of(1) });
    keys.push(await hex("publicKey"));
    operator = new Operator().start();
    ann = await RawClient.open(operator, 1);
    vault = await ann.deployed(code, { method: "open" });
    keys.push(await hex("publicKey"));
    expect(new Set(keys).size).toBe(3);
  });

  it("draw anew for each command and each query, and apart for each label", async () => {
    await keep("one");
    await keep("one");
    const names = ["a1", "b1", "a2", "b2"];
    const draws = [await hex("draw"), await hex("draw")];
    for (const name of names) draws.push(await hex("drawnAt", name));
    expect(new Set(draws).size).toBe(draws.length);
  });
});
