/**
 * ATTACKS 83, and what else an owner, a stranger or an operator may try on a contract's code.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { UPGRADES_MAX } from "#protocol/limits.ts";
import { startAsking } from "#test/support/asking.ts";
import { contractCore, RESULT } from "#test/support/contract.ts";
import { fixture } from "#test/support/fixtures.ts";
import type { Operator } from "#test/support/operator.ts";
import { call, ending, RawClient, replyOf, sha256, valueOf } from "#test/support/raw-client.ts";
import { ok, type ScriptedHttp } from "#test/support/scripted-http.ts";
import { args, returned, told } from "#test/support/values.ts";
import { component, constant, drop } from "#test/support/wasm.ts";

let probe: Uint8Array;
let successor: Uint8Array;
let http: ScriptedHttp;
let operator: Operator;
let ann: RawClient;
let contract: Uint8Array;

beforeEach(async () => {
  [probe, successor] = await Promise.all([fixture("probe"), fixture("successor")]);
  ({ http, operator, ann } = await startAsking(() => ok("1")));
  contract = await ann.deployed(probe, { method: "open" });
  await ann.command(contract, "add", args(5));
});

const takeOver = (how: number): { method: string; args: Uint8Array } => ({
  method: "takeOver",
  args: args(how),
});

/** What there is of the contract: its own keys, its code, what is told of it. */
async function everything(): Promise<unknown> {
  const { status, version, history } = await ann.describe(contract);
  const peek = await ann.query(contract, "peek");
  const note = told(await ann.query(contract, "noteAt", args(7)));
  return { status, version, history, note, total: told(peek), code: replyOf(peek).codeHash };
}

describe("83: an upgrade", () => {
  it("keeps the state, runs the new code's @migrate, and is written into the history", async () => {
    const before = await ann.describe(contract);
    expect(before).toMatchObject({ status: "live", owner: ann.account, version: 0 });
    const reply = replyOf(await ann.upgrade(contract, successor, takeOver(0)));
    expect(returned(reply)).toBe(500);
    expect(reply.codeHash).toEqual(sha256(successor));
    expect(reply.events.map(({ name }) => name)).toEqual(["Migrated"]);
    expect(told(await ann.command(contract, "add", args(1)))).toBe(503);
    const { version, history } = await ann.describe(contract);
    expect(version).toBe(1);
    expect(history).toEqual([
      ...before.history,
      { height: reply.height, codeHash: sha256(successor) },
    ]);
  });

  it.each([
    ["traps", takeOver(1), "TRAP"],
    ["never ends", takeOver(2), "OUT_OF_GAS"],
    ["throws an error of its own", takeOver(3), "Unwilling"],
    ["panics", takeOver(4), "PANIC"],
    ["is not there", { method: "takeover" }, "METHOD_UNKNOWN"],
    ["is given other arguments", { method: "takeOver", args: args("x") }, "ARGUMENTS_MALFORMED"],
    ["is a command", { method: "add", args: args(1) }, "METHOD_UNKNOWN"],
    ["has no gas", { ...takeOver(0), gasLimit: 0 }, "OUT_OF_GAS"],
  ])("whose @migrate %s changes nothing: the old code serves", async (_, migrate, end) => {
    const before = await everything();
    expect(ending(await ann.upgrade(contract, successor, migrate))).toBe(end);
    expect(await everything()).toEqual(before);
    expect(await ann.holds(sha256(successor))).toBe(false);
    expect(told(await ann.command(contract, "add", args(1)))).toBe(6);
  });

  it("may ask the outside world once, as every command may", async () => {
    expect(returned(await ann.upgrade(contract, successor, takeOver(5)))).toBe(500);
    expect(http.asked).toHaveLength(1);
    const digest = toHex(operator.info().digest);
    operator.restore({ rebuild: true });
    expect(toHex(operator.info().digest)).toBe(digest);
    expect(http.asked).toHaveLength(1);
  });

  it("is the owner's alone", async () => {
    const eve = await RawClient.open(operator, 2);
    const before = await everything();
    expect(ending(await eve.upgrade(contract, successor, takeOver(0)))).toBe("OWNER_ONLY");
    expect(ending(await eve.end("freeze", contract))).toBe("OWNER_ONLY");
    expect(ending(await eve.end("destroy", contract))).toBe("OWNER_ONLY");
    expect(await everything()).toEqual(before);
  });

  it.each([
    ["noise", () => new Uint8Array(100)],
    ["code cut short", () => successor.slice(0, successor.length / 2)],
    ["no component", () => contractCore({})],
  ])("to %s is refused before it enters the log", async (_, code) => {
    const { height } = operator;
    expect(ending(await ann.upgrade(contract, code()))).toMatch(/^(MODULE|COMPONENT)_/);
    expect(operator.height).toBe(height);
  });

  it("to code that nobody uploaded is refused, and to uploaded code is small", async () => {
    const code = { hash: sha256(successor) };
    const unknown = await ann.upgrade(contract, successor, { code, ...takeOver(0) });
    expect(ending(unknown)).toBe("CODE_UNKNOWN");
    await (await RawClient.open(operator, 2)).upload(successor);
    const known = await ann.upgrade(contract, successor, { code, ...takeOver(0) });
    expect(returned(known)).toBe(500);
  });

  it("happens once, however often the operator sends it", async () => {
    const body = { op: "upgrade", code: { component: successor }, version: 0 } as const;
    const envelope = ann.envelope("command", contract, { ...body, ...takeOver(0), gasLimit: 5e8 });
    expect(ending(await ann.submit(envelope))).toBe("returned");
    expect(ending(await ann.submit(envelope))).toBe("SESSION_REPLAYED");
    operator.append(...operator.disk.log.slice(-1));
    expect(told(await ann.query(contract, "peek"))).toBe(500);
  });

  it("that was held back does not undo a later one", async () => {
    const body = { op: "upgrade", code: { component: probe }, version: 0, method: "" } as const;
    const heldBack = ann.envelope("command", contract, { ...body, args: args(), gasLimit: 5e8 });
    const frozen = ann.envelope("command", contract, { op: "freeze", version: 0 });
    const destroyed = ann.envelope("command", contract, { op: "destroy", version: 0 });
    await ann.upgrade(contract, successor, takeOver(0));
    for (const late of [heldBack, frozen, destroyed]) {
      expect(ending(await ann.submit(late))).toBe("VERSION_OLD");
    }
    expect(told(await ann.query(contract, "peek"))).toBe(500);
  });

  it("is not seen by a call that names the code it is meant for", async () => {
    const pinned = { ...call("add", args(1)), codeHash: sha256(probe) } as const;
    const late = ann.envelope("command", contract, pinned);
    const query = ann.envelope("query", contract, { ...call("peek"), codeHash: sha256(probe) });
    await ann.upgrade(contract, successor, takeOver(0));
    expect(ending(await ann.submit(late))).toBe("CODE_REPLACED");
    expect(ending(await ann.submit(query))).toBe("CODE_REPLACED");
    await ann.upgrade(contract, probe, { version: 1, method: "migrate" });
    expect(ending(await ann.submit(late))).toBe("SESSION_REPLAYED");
    expect(told(await ann.query(contract, "peek"))).toBe(500);
  });

  it("to code without a migrate export needs a call of none", async () => {
    const old = component(contractCore({ command: [...constant(1), drop, ...constant(RESULT)] }));
    expect(ending(await ann.upgrade(contract, old))).toBe("METHOD_UNKNOWN");
    expect(ending(await ann.upgrade(contract, old, { method: "" }))).toBe("returned");
    expect(valueOf(await ann.command(contract, "anything"))).toHaveLength(0);
    expect(returned(await ann.upgrade(contract, successor, { version: 1, ...takeOver(0) }))).toBe(
      500,
    );
  });

  it("leaves the old code in the queue only, and counts every contract that runs it", async () => {
    const other = await ann.deployed(probe, { method: "open", salt: Uint8Array.of(1) });
    await ann.upgrade(contract, successor, takeOver(0));
    expect(await ann.holds(sha256(probe))).toBe(true);
    expect(told(await ann.command(other, "add", args(1)))).toBe(1);
    expect(ending(await ann.end("destroy", other))).toBe("returned");
    expect(ending(await ann.end("destroy", contract, 1))).toBe("returned");
    const again = { code: { hash: sha256(probe) }, method: "open", salt: Uint8Array.of(2) };
    expect(ending(await ann.deploy(probe, again))).toBe("returned");
  });

  it("can be repeated a bounded number of times", async () => {
    const code = { hash: sha256(probe) };
    let last = "";
    for (let version = 0; version <= UPGRADES_MAX; version++) {
      last = ending(await ann.upgrade(contract, probe, { code, version }));
    }
    expect(last).toBe("UPGRADES_LIMIT");
    expect((await ann.describe(contract)).history).toHaveLength(UPGRADES_MAX + 1);
    expect(told(await ann.query(contract, "peek"))).toBe(5);
  });
});

describe("the interface of a contract's code", () => {
  it("is told to its owner alone", async () => {
    const ask = (who: RawClient): Uint8Array =>
      who.envelope("query", contract, { op: "interface" });
    const text = new TextDecoder().decode(valueOf(await ann.submit(ask(ann))));
    expect(JSON.parse(text)).toMatchObject({ abi: 1, contract: "Probe" });
    const eve = await RawClient.open(operator, 2);
    expect(ending(await eve.submit(ask(eve)))).toBe("OWNER_ONLY");
    const asCommand = ann.envelope("command", contract, { op: "interface" });
    expect(ending(await ann.submit(asCommand))).toBe("ENVELOPE_KIND");
  });
});

describe("a frozen contract", () => {
  it("serves as before, and can be changed by nobody", async () => {
    expect(ending(await ann.end("freeze", contract))).toBe("returned");
    expect(ending(await ann.upgrade(contract, successor, takeOver(0)))).toBe("CONTRACT_FROZEN");
    expect(ending(await ann.end("destroy", contract))).toBe("CONTRACT_FROZEN");
    expect(ending(await ann.end("freeze", contract))).toBe("CONTRACT_FROZEN");
    expect(told(await ann.command(contract, "add", args(1)))).toBe(6);
    expect((await ann.describe(contract)).status).toBe("frozen");
  });
});

describe("a destroyed contract", () => {
  it("leaves no state and no secret, and its address is never used again", async () => {
    const secrets = [["key", "open sesame"]] as const;
    const birth = { method: "open", secrets, salt: Uint8Array.of(9) };
    const own = await ann.deployed(probe, birth);
    await ann.command(own, "note", args(0, 100, 1000));
    operator.takeSnapshot();
    expect(ending(await ann.end("destroy", own))).toBe("returned");
    for (const again of [1, 2]) {
      expect(ending(await ann.command(own, "add", args(1)))).toBe("CONTRACT_DESTROYED");
      expect(ending(await ann.query(own, "peek"))).toBe("CONTRACT_DESTROYED");
      expect(ending(await ann.deploy(probe, birth))).toBe("CONTRACT_DESTROYED");
      expect(ending(await ann.end("destroy", own, 1))).toBe("CONTRACT_DESTROYED");
      expect(await ann.describe(own)).toMatchObject({ status: "destroyed", history: [] });
      if (again === 1) operator.start();
    }
    expect(told(await ann.query(contract, "peek"))).toBe(5);
  });

  it("costs one write, however much it held, and every restart agrees", async () => {
    await ann.command(contract, "note", args(0, 5000, 100));
    expect(ending(await ann.end("destroy", contract))).toBe("returned");
    expect(operator.disk.deltas.at(-1)?.sealed.length).toBeLessThan(4096);
    const digest = toHex(operator.info().digest);
    operator.restore();
    expect(toHex(operator.info().digest)).toBe(digest);
    operator.restore({ rebuild: true });
    expect(toHex(operator.info().digest)).toBe(digest);
  });

  it("gives its room back: a snapshot holds nothing of it", async () => {
    await ann.command(contract, "note", args(0, 1000, 1000));
    const bytes = (): number =>
      operator.makeSnapshot().pieces.reduce((sum, { length }) => sum + length, 0);
    const before = bytes();
    await ann.end("destroy", contract);
    expect(before - bytes()).toBeGreaterThan(900_000);
  });
});
