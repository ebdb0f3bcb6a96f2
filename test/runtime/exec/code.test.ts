import { beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import {
  CODE_GAS_PER_BYTE,
  IDLE_CODES_MAX,
  IDLE_CODES_PER_ACCOUNT,
  STATE_VALUE_BYTES_MAX,
} from "#protocol/limits.ts";
import { contractCore, RESULT } from "#test/support/contract.ts";
import { fixture } from "#test/support/fixtures.ts";
import { Operator } from "#test/support/operator.ts";
import { ending, RawClient, replyOf, sha256 } from "#test/support/raw-client.ts";
import { args, returned, told } from "#test/support/values.ts";
import { component, constant, drop } from "#test/support/wasm.ts";

/** Code that differs from all other code in one number. */
function codeNumber(n: number): Uint8Array {
  return component(contractCore({ command: [...constant(n), drop, ...constant(RESULT)] }));
}

describe("uploaded code", () => {
  let operator: Operator;
  let ann: RawClient;
  let probe: Uint8Array;

  beforeEach(async () => {
    operator = new Operator().start();
    ann = await RawClient.open(operator, 1);
    probe = await fixture("probe");
  });

  it("is deployed by anybody from its hash alone, in a small envelope", async () => {
    const hash = sha256(probe);
    expect(returned(await ann.upload(probe))).toEqual(hash);
    const bob = await RawClient.open(operator, 2);
    const sent = operator.disk.log.length;
    const contract = await bob.deployed(probe, { code: { hash }, method: "open" });
    expect(operator.disk.log[sent]?.length).toBeLessThan(2048);
    expect(told(await bob.command(contract, "add", args(5)))).toBe(5);
  });

  it("gives the same address as a deployment that carries it", async () => {
    const contract = await ann.deployed(probe, { method: "open" });
    const again = await ann.deploy(probe, { code: { hash: sha256(probe) }, method: "open" });
    expect(ending(again)).toBe("CONTRACT_EXISTS");
    const other = new Operator().start();
    const elsewhere = await RawClient.open(other, 1);
    expect(await elsewhere.deployed(probe, { method: "open" })).not.toEqual(contract);
  });

  it("is paid for once, by the byte", async () => {
    const first = replyOf(await ann.upload(probe));
    expect(first.gasUsed).toBe(CODE_GAS_PER_BYTE * probe.length);
    expect(replyOf(await ann.upload(probe)).gasUsed).toBe(0);
    const cheap = replyOf(await ann.deploy(probe, { method: "open" }));
    expect(cheap.gasUsed).toBeLessThan(first.gasUsed);
    const other = await RawClient.open(new Operator().start());
    const dear = replyOf(await other.deploy(probe, { method: "open" }));
    expect(dear.gasUsed).toBe(cheap.gasUsed + first.gasUsed);
    expect(ending(await other.upload(codeNumber(1), 1000))).toBe("OUT_OF_GAS");
  });

  it("must be admitted, and says nothing of a hash that nobody uploaded", async () => {
    expect(ending(await ann.upload(probe.slice(0, 100)))).toMatch(/^(MODULE|COMPONENT)_/);
    const hash = sha256(Uint8Array.of(1));
    expect(await ann.holds(hash)).toBe(false);
    expect(ending(await ann.deploy(probe, { code: { hash }, method: "open" }))).toBe(
      "CODE_UNKNOWN",
    );
  });

  it("uses up the sequence number when it is unknown: a hidden copy deploys nothing later", async () => {
    const body = { op: "deploy", code: { hash: sha256(probe) }, salt: sha256(probe) } as const;
    const rest = { method: "open", args: args(), gasLimit: 5e8, secrets: [] } as const;
    const envelope = ann.envelope("command", new Uint8Array(32), { ...body, ...rest });
    expect(ending(await ann.submit(envelope))).toBe("CODE_UNKNOWN");
    await ann.upload(probe);
    expect(ending(await ann.submit(envelope))).toBe("SESSION_REPLAYED");
  });

  it("survives a restart and a replay of the log", async () => {
    await ann.upload(probe);
    operator.takeSnapshot();
    operator.start();
    expect(await ann.holds(sha256(probe))).toBe(true);
    const deploy = { code: { hash: sha256(probe) }, method: "open" } as const;
    expect(ending(await ann.deploy(probe, deploy))).toBe("returned");
    const digest = toHex(operator.info().digest);
    operator.restore({ rebuild: true });
    expect(toHex(operator.info().digest)).toBe(digest);
  });
});

describe("84: a flood of uploads", () => {
  let operator: Operator;

  beforeEach(() => {
    operator = new Operator().start();
  });

  it("of one account pushes out that account's own code", async () => {
    const ann = await RawClient.open(operator, 1);
    const bob = await RawClient.open(operator, 2);
    await bob.upload(codeNumber(0));
    for (let n = 1; n <= IDLE_CODES_MAX + 1; n++) await ann.upload(codeNumber(n));
    expect(await bob.holds(sha256(codeNumber(0)))).toBe(true);
    const held = [];
    for (let n = 1; n <= IDLE_CODES_MAX + 1; n++) held.push(await ann.holds(sha256(codeNumber(n))));
    expect(held.filter(Boolean)).toHaveLength(IDLE_CODES_PER_ACCOUNT);
    expect(held.slice(-IDLE_CODES_PER_ACCOUNT)).not.toContain(false);
  });

  it("of many accounts pushes out the oldest, and never code that a contract runs", async () => {
    const ann = await RawClient.open(operator, 1);
    const used = codeNumber(0);
    await ann.deployed(used);
    await ann.upload(codeNumber(1));
    for (let n = 2; n <= IDLE_CODES_MAX + 1; n++) {
      await (await RawClient.open(operator, n)).upload(codeNumber(n));
    }
    expect(await ann.holds(sha256(used))).toBe(true);
    expect(await ann.holds(sha256(codeNumber(1)))).toBe(false);
    expect(await ann.holds(sha256(codeNumber(2)))).toBe(true);
    const again = { code: { hash: sha256(used) }, salt: Uint8Array.of(1) };
    expect(ending(await ann.deploy(used, again))).toBe("returned");
    const gone = { code: { hash: sha256(codeNumber(1)) } };
    expect(ending(await ann.deploy(codeNumber(1), gone))).toBe("CODE_UNKNOWN");
  });

  it("is not kept when the deployment that brought it failed", async () => {
    const ann = await RawClient.open(operator, 1);
    const probe = await fixture("probe");
    expect(ending(await ann.deploy(probe, { method: "shut" }))).toBe("METHOD_UNKNOWN");
    expect(await ann.holds(sha256(probe))).toBe(false);
    expect(probe.length).toBeLessThan(STATE_VALUE_BYTES_MAX);
  });
});
