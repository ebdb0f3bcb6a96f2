/**
 * ATTACKS B: contracts that make contracts and exchange their own code: what stays, who is who, what it takes.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { parseEstimate } from "#protocol/estimate.ts";
import { faults, type FaultCode } from "#protocol/faults.ts";
import { CALL_DEPTH_MAX, CALLS_MAX, COMMAND_GAS_MAX } from "#protocol/limits.ts";
import { contractAddress } from "#crypto/statements.ts";
import { LOAD_GAS_PER_BYTE } from "#host/functions/prices.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { fixture } from "#test/support/fixtures.ts";
import { Operator } from "#test/support/operator.ts";
import { call, ending, RawClient, replyOf, sha256, valueOf } from "#test/support/raw-client.ts";
import { args, returned, told } from "#test/support/values.ts";

const NO_CODE = new Uint8Array(32);
const SALT = Uint8Array.of(9);
const number = (code: FaultCode): number => faults[code].number;

type Values = readonly (number | string | boolean | Uint8Array)[];

let code: Uint8Array;
let hash: Uint8Array;
let operator: Operator;
let ann: RawClient;
let foundry: Uint8Array;

beforeEach(async () => {
  code = await fixture("foundry");
  hash = sha256(code);
  operator = new Operator().start();
  ann = await RawClient.open(operator, 1);
  foundry = await ann.deployed(code, { method: "found", args: args(0, NO_CODE) });
});

/** Where a contract lies that `creator` makes. */
function addressOf(creator: Uint8Array, how: number, salt = SALT): Uint8Array {
  const { cluster } = operator.info();
  const birth = { codeHash: hash, salt, method: "found", args: args(how, hash) };
  return contractAddress(nodePrimitives, cluster, creator, birth);
}

const command = async (method: string, ...values: Values): Promise<unknown> =>
  told(await ann.command(foundry, method, args(...values)));
const asked = async (contract: Uint8Array, method: string): Promise<unknown> =>
  told(await ann.query(contract, method));

/** A restart that executes everything again, in one piece, comes to the same. */
function replays(): void {
  const before = operator.info();
  operator.restore({ rebuild: true });
  const { height, digest } = operator.info();
  expect([height, toHex(digest)]).toEqual([before.height, toHex(before.digest)]);
}

describe("a contract that makes another", () => {
  it("is its deployer and first caller; the address binds who makes what of which, and how", async () => {
    const made = await command("make", hash, SALT, 0);
    expect(made).toEqual(addressOf(foundry, 0));
    const born = made as Uint8Array;
    expect(await asked(born, "by")).toEqual(foundry);
    expect(await ann.describe(born)).toMatchObject({ status: "live", owner: foundry, version: 0 });
    expect(await command("tryMake", hash, SALT, 0, "found")).toBe(number("CONTRACT_EXISTS"));
    expect(returned(await ann.command(born, "make", args(hash, SALT, 0)))).toEqual(
      addressOf(born, 0),
    );
    expect(operator.events.map(({ contract }) => toHex(contract))).toContain(toHex(born));
    replays();
  });

  it("can call it at once", async () => {
    expect(await command("makeAndUse", hash, SALT)).toBe(11);
    expect(await asked(addressOf(foundry, 0), "peek")).toBe(11);
  });

  it.each([
    ["of code that nobody has uploaded", NO_CODE, 0, "found", "CODE_UNKNOWN"],
    ["by a method that is none", undefined, 0, "add", "METHOD_UNKNOWN"],
    ["whose first call traps", undefined, 1, "found", "TRAP"],
    ["whose first call never ends", undefined, 2, "found", "OUT_OF_GAS"],
    ["whose first call asks for other code", undefined, 4, "found", "MODE_REFUSED"],
  ] as const)(
    "is told why there is none %s, and nothing stays",
    async (_, of, how, method, end) => {
      expect(await command("tryMake", of ?? hash, SALT, how, method)).toBe(number(end));
      await expect(ann.describe(addressOf(foundry, how))).rejects.toThrow("CONTRACT_UNKNOWN");
      expect(await command("make", hash, SALT, 0)).toEqual(addressOf(foundry, 0));
      replays();
    },
  );

  it("is told of an error of its first call, which stays without effect", async () => {
    expect(await command("tryMake", hash, SALT, 3, "found")).toBe(1);
    await expect(ann.describe(addressOf(foundry, 3))).rejects.toThrow("CONTRACT_UNKNOWN");
  });

  it("has made none if it fails itself, and nobody finds it, not even on the way", async () => {
    expect(await command("makeThenFail", hash, SALT)).toBe("PANIC");
    const other = await ann.deployed(code, { method: "found", args: args(0, SALT) });
    const lost = addressOf(other, 0);
    expect(await command("lookForLost", other, hash, SALT, lost)).toBe(number("CONTRACT_UNKNOWN"));
    await expect(ann.describe(lost)).rejects.toThrow("CONTRACT_UNKNOWN");
    replays();
  });

  it("makes as many as there may be calls, on top of each other and in all", async () => {
    expect(await command("makeMany", hash, CALLS_MAX)).toBe(0);
    const other = await ann.deployed(code, { method: "found", args: args(0, SALT) });
    const many = await ann.command(other, "makeMany", args(hash, CALLS_MAX + 1));
    expect(told(many)).toBe(number("CALLS_LIMIT"));
    const tower = await ann.command(foundry, "make", args(hash, SALT, 5));
    expect(ending(tower)).toBe("PANIC");
    expect(CALL_DEPTH_MAX).toBeLessThan(CALLS_MAX);
  });

  it("pays for the code of each, before it runs", async () => {
    const one = replyOf(await ann.command(foundry, "makeMany", args(hash, 1))).gasUsed;
    const other = await ann.deployed(code, { method: "found", args: args(0, SALT) });
    const three = replyOf(await ann.command(other, "makeMany", args(hash, 3))).gasUsed;
    expect(three - one).toBeGreaterThan((2 * code.length * LOAD_GAS_PER_BYTE) / 2);
  });

  it("makes nothing in a query, and nothing that stays in an estimate", async () => {
    expect(told(await ann.query(foundry, "makeInQuery", args(hash)))).toBe("MODE_REFUSED");
    expect(told(await ann.query(foundry, "becomeInQuery", args(hash)))).toBe("MODE_REFUSED");
    const body = call("make", args(hash, SALT, 0));
    const estimate = { ...body, op: "estimate" } as const;
    const value = valueOf(await ann.submit(ann.envelope("query", foundry, estimate)));
    expect(parseEstimate(value).outcome).toBe("returned");
    await expect(ann.describe(addressOf(foundry, 0))).rejects.toThrow("CONTRACT_UNKNOWN");
  });

  it("makes one whose first call takes many slices, beside queries, and every replay agrees", async () => {
    const envelope = ann.envelope("command", foundry, call("make", args(hash, SALT, 6)));
    const state = { hasEnded: false };
    const submitted = ann.submit(envelope).then((result) => {
      state.hasEnded = true;
      return result;
    });
    for (let i = 0; i < 3; i++) expect(await asked(foundry, "peek")).toBe(0);
    expect(state.hasEnded).toBe(false);
    expect(told(await submitted)).toEqual(addressOf(foundry, 6));
    replays();
  });
});

describe("a contract that asks for other code", () => {
  let next: Uint8Array;

  beforeEach(async () => {
    const successor = await fixture("successor");
    next = sha256(successor);
    expect(ending(await ann.upload(successor))).toBe("returned");
  });

  it("gets it once the command has returned, with all that it wrote until then", async () => {
    const reply = replyOf(await ann.command(foundry, "become", args(next, "takeOver", 0)));
    expect(returned(reply)).toBe(7);
    expect(reply.codeHash).toEqual(hash);
    // Whoever knows the old code could not read what the new one says.
    expect(reply.events).toEqual([]);
    expect(await asked(foundry, "peek")).toBe(700);
    const { version, history, owner } = await ann.describe(foundry);
    expect([version, owner]).toEqual([1, ann.account]);
    expect(history.at(-1)).toEqual({ height: reply.height, codeHash: next });
    replays();
  });

  it.each([
    ["traps", "takeOver", 1, "TRAP"],
    ["never ends", "takeOver", 2, "OUT_OF_GAS"],
    ["throws an error", "takeOver", 3, "PANIC"],
    ["panics", "takeOver", 4, "PANIC"],
    ["is not there", "nothing", 0, "METHOD_UNKNOWN"],
  ])(
    "keeps its own if the new one's @migrate %s: the command fails",
    async (_, method, how, end) => {
      expect(await command("become", next, method, how)).toBe(end);
      expect(await asked(foundry, "peek")).toBe(0);
      expect(await ann.describe(foundry)).toMatchObject({ version: 0 });
      expect(await command("add", 1)).toBe(1);
      replays();
    },
  );

  it("is refused at once where there is no such code, or the contract is frozen", async () => {
    const said = async (of: Uint8Array): Promise<unknown> => {
      const { outcome } = replyOf(await ann.command(foundry, "become", args(of, "", 0)));
      return outcome.kind === "fault" ? outcome.panic?.text : outcome.kind;
    };
    expect(await said(NO_CODE)).toContain(`HRM1${number("CODE_UNKNOWN")}`);
    await ann.end("freeze", foundry);
    expect(await said(next)).toContain(`HRM1${number("CONTRACT_FROZEN")}`);
    expect(await ann.describe(foundry)).toMatchObject({ status: "frozen", version: 0 });
  });

  it("gets none if the call that asked has failed, and else whoever called it", async () => {
    const other = await ann.deployed(code, { method: "found", args: args(0, SALT) });
    expect(await command("letBecome", other, next, true)).toBe(0);
    expect(await ann.describe(other)).toMatchObject({ version: 0 });
    expect(await command("letBecome", other, next, false)).toBe(0);
    expect(await ann.describe(other)).toMatchObject({ version: 1 });
    expect(await ann.describe(foundry)).toMatchObject({ version: 0 });
    expect(await asked(other, "peek")).toBe(700);
    replays();
  });

  it("has planned what the new code plans", async () => {
    const clockwork = await fixture("clockwork");
    await ann.upload(clockwork);
    expect(await command("become", sha256(clockwork), "migrate", 0)).toBe(7);
    for (let i = 0; i < 3; i++) await ann.command(foundry, "idle");
    expect(await asked(foundry, "counted")).toBe(1);
    replays();
  });

  it("never uses more gas than the command was given", async () => {
    for (const gasLimit of [1_000_000, 5_000_000, COMMAND_GAS_MAX]) {
      const body = call("become", args(next, "takeOver", 2), gasLimit);
      const reply = replyOf(await ann.submit(ann.envelope("command", foundry, body)));
      expect(ending(reply)).toBe("OUT_OF_GAS");
      expect(reply.gasUsed).toBe(gasLimit);
    }
  });
});
