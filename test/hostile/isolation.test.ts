/**
 * A contract that takes all it can get does not keep the others from being served.
 *
 * Not timed: what matters is what is answered before what.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import {
  CODE_GAS_PER_BYTE,
  COMMAND_GAS_MAX,
  FIRST_SLICE_GAS,
  QUERY_CALLS_MAX,
  QUERY_CALLS_PER_ACCOUNT,
  QUERY_GAS_MAX,
  SUSPENDED_CALLS_MAX,
} from "#protocol/limits.ts";
import { parseEstimate } from "#protocol/estimate.ts";
import { parseUsage } from "#protocol/usage.ts";
import type { HttpResult } from "#protocol/http.ts";
import { Operator } from "#test/support/operator.ts";
import { call, ending, RawClient, valueOf, type Result } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { ok, scriptedHttp } from "#test/support/scripted-http.ts";
import { args, returned, told } from "#test/support/values.ts";

/** Rounds that take some twenty slices, and more than any query has gas for. */
const LONG = 1_000_000;
const ENDLESS = 0xffff_ffff;

/** Clients with accounts of their own. */
function others(operator: Operator, count: number): Promise<RawClient[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => RawClient.open(operator, 10 + i)));
}

function gasOf(result: Result): number {
  if (!("gasUsed" in result)) throw new Error(`no gas in ${result.code}`);
  return result.gasUsed;
}

describe("a contract that takes all it can get", () => {
  let operator: Operator;
  let ann: RawClient;
  let bob: RawClient;
  let greedy: Uint8Array;
  let modest: Uint8Array;

  beforeAll(async () => {
    operator = new Operator().start();
    ann = await RawClient.open(operator, 1);
    bob = await RawClient.open(operator, 2);
    const component = await fixture("probe");
    greedy = await ann.deployed(component, { method: "open", salt: Uint8Array.of(1) });
    modest = await bob.deployed(component, { method: "open", salt: Uint8Array.of(2) });
  });

  /** Starts a query of some gas; tells when it has ended. */
  function start(client: RawClient, contract: Uint8Array, rounds: number, gas = QUERY_GAS_MAX) {
    const envelope = client.envelope("query", contract, call("grind", args(rounds), gas));
    const state = { hasEnded: false };
    const decision = operator.request(envelope).then((decided) => {
      state.hasEnded = true;
      return client.read(envelope, decided);
    });
    return { state, decision };
  }

  it("leaves room for queries and commands of others before its long query ends", async () => {
    const { state, decision } = start(ann, greedy, LONG);
    for (let i = 1; i <= 3; i++) {
      expect(returned(await bob.command(modest, "add", args(1)))).toBe(i);
      expect(told(await bob.query(modest, "peek"))).toBe(i);
    }
    expect(state.hasEnded).toBe(false);
    expect(returned(await decision)).toBeTypeOf("bigint");
  });

  it("sees the state as it was when its query came", async () => {
    const alone = start(ann, greedy, LONG);
    const before = returned(await alone.decision);
    const { decision } = start(ann, greedy, LONG);
    await ann.command(greedy, "add", args(5));
    expect(returned(await decision)).toBe(before);
    const after = start(ann, greedy, LONG);
    expect(returned(await after.decision)).not.toBe(before);
  });

  it("gets one turn for each of another's, however many queries it has", async () => {
    const many = Array.from({ length: 8 }, () => start(ann, greedy, LONG));
    const one = start(bob, modest, LONG);
    await one.decision;
    expect(many.filter(({ state }) => state.hasEnded)).toHaveLength(0);
    await Promise.all(many.map(({ decision }) => decision));
  });

  it("pays the same gas for a query in slices as for one at once", async () => {
    const short = start(ann, greedy, 1_000);
    const gas = gasOf(await short.decision);
    const again = start(ann, greedy, 1_000, gas);
    expect(ending(await again.decision)).toBe("returned");
    const long = start(ann, greedy, LONG);
    const longGas = gasOf(await long.decision);
    const exact = start(ann, greedy, LONG, longGas);
    expect(ending(await exact.decision)).toBe("returned");
    const less = start(ann, greedy, LONG, longGas - 1);
    expect(ending(await less.decision)).toBe("OUT_OF_GAS");
  });

  it("leaves room for queries before its long command ends, which see the state before it", async () => {
    const before = told(await ann.query(greedy, "peek"));
    const envelope = ann.envelope("command", greedy, call("grindInto", args(LONG)));
    const state = { hasEnded: false };
    const command = ann.submit(envelope).then((result) => {
      state.hasEnded = true;
      return result;
    });
    for (let i = 0; i < 3; i++) {
      expect(told(await bob.query(modest, "peek"))).toBeTypeOf("number");
      expect(told(await ann.query(greedy, "peek"))).toEqual(before);
    }
    expect(state.hasEnded).toBe(false);
    const value = returned(await command);
    expect(told(await ann.query(greedy, "peek"))).toEqual(value);
    expect(value).not.toEqual(before);
  });

  it("comes to the same digest when its log is executed again, at once", async () => {
    const other = new Operator().start();
    const client = await RawClient.open(other, 1);
    const contract = await client.deployed(await fixture("probe"), { method: "open" });
    const ends: string[] = [];
    for (const gas of [COMMAND_GAS_MAX, 9_000_000, 3_000_000]) {
      const body = call("grindInto", args(LONG), gas);
      ends.push(ending(await client.submit(client.envelope("command", contract, body))));
      await client.command(contract, "add", args(1));
    }
    expect(ends).toEqual(["returned", "OUT_OF_GAS", "OUT_OF_GAS"]);
    const { digest, height } = other.info();
    other.restore({ rebuild: true });
    const again = other.info();
    expect(again.height).toBe(height);
    expect(toHex(again.digest)).toBe(toHex(digest));
  });

  it("cannot be overtaken by entries that the operator sends before it is done", async () => {
    const other = new Operator().start();
    const client = await RawClient.open(other, 1);
    const contract = await client.deployed(await fixture("probe"), { method: "open" });
    const envelope = client.envelope("command", contract, call("grindInto", args(LONG)));
    const decision = await other.request(envelope);
    if (decision.kind !== "admitted") throw new Error("a command is admitted");
    const { height } = other;
    const execute = {
      type: "execute",
      firstHeight: height + 1,
      entries: [decision.entry],
    } as const;
    expect(other.send(execute)).toEqual([]);
    const [answer] = other.send({ ...execute, firstHeight: height + 2 });
    expect(answer).toMatchObject({ type: "refused" });
    const frames = other.frames.length;
    for (let turn = 0; turn < 200; turn++)
      await new Promise((resolve) => void setImmediate(resolve));
    expect(other.frames.length).toBe(frames);
  });

  it("is told what it takes, and nobody else is", async () => {
    const usage = async (client: RawClient) =>
      client.submit(client.envelope("query", greedy, { op: "usage" }));
    const before = parseUsage(valueOf(await usage(ann)));
    await start(ann, greedy, 10).decision;
    const after = parseUsage(valueOf(await usage(ann)));
    expect(after.calls).toBe(before.calls + 1);
    expect(after.gasUsed).toBeGreaterThan(before.gasUsed);
    expect(after).toMatchObject({ refused: 0, underWay: 0, heldBytes: 0 });
    expect(ending(await usage(bob))).toBe("OWNER_ONLY");
  });

  it("is not charged for gas that a fault took: calls that end at once cannot use up what it may use", async () => {
    const usage = { op: "usage" } as const;
    const used = async (): Promise<number> =>
      parseUsage(valueOf(await ann.submit(ann.envelope("query", greedy, usage)))).gasUsed;
    const body = { ...call("stop", args(1), COMMAND_GAS_MAX), op: "estimate" } as const;
    const before = await used();
    const { outcome } = parseEstimate(
      valueOf(await bob.submit(bob.envelope("query", greedy, body))),
    );
    expect(outcome).toBe("TRAP");
    expect((await used()) - before).toBeLessThan(FIRST_SLICE_GAS);
  });

  it("is told of what had to be compiled for its queries, once", async () => {
    const component = await fixture("probe");
    const contract = await ann.deployed(component, { method: "open", salt: Uint8Array.of(3) });
    const used = async (): Promise<number> => {
      const envelope = ann.envelope("query", contract, { op: "usage" });
      return parseUsage(valueOf(await ann.submit(envelope))).gasUsed;
    };
    operator.start();
    ann = await RawClient.open(operator, 1);
    bob = await RawClient.open(operator, 2);
    await ann.query(contract, "peek");
    const first = await used();
    expect(first).toBeGreaterThan(component.length * CODE_GAS_PER_BYTE);
    await ann.query(contract, "peek");
    expect((await used()) - first).toBeLessThan(component.length * CODE_GAS_PER_BYTE);
  });

  it("runs out of gas when it never ends", async () => {
    const { decision } = start(ann, greedy, ENDLESS, 50_000_000);
    const result = await decision;
    expect(ending(result)).toBe("OUT_OF_GAS");
    expect(gasOf(result)).toBe(50_000_000);
  });
});

describe("a contract whose queries wait for the world", () => {
  it("fills its own room, then that of all together, and is let in again when it is free", async () => {
    const world = Promise.withResolvers<HttpResult>();
    const operator = new Operator({ http: scriptedHttp(() => world.promise) }).start();
    const ann = await RawClient.open(operator, 1);
    const component = await fixture("oracle");
    const contracts: Uint8Array[] = [];
    for (let index = 0; index <= SUSPENDED_CALLS_MAX / QUERY_CALLS_MAX + 1; index++) {
      const salt = Uint8Array.of(index);
      contracts.push(await ann.deployed(component, { method: "open", salt }));
    }
    const last = contracts.at(-1);
    if (last === undefined) throw new Error("some were deployed");
    const clients = [ann, ...(await others(operator, QUERY_CALLS_MAX / QUERY_CALLS_PER_ACCOUNT))];
    const ask = (client: RawClient, contract: Uint8Array) => {
      const body = call("look", args("https://slow.example/"));
      const envelope = client.envelope("query", contract, body);
      return operator.request(envelope).then((decision) => client.read(envelope, decision));
    };
    const waiting: Promise<unknown>[] = [];
    const newcomer = clients.at(-1) ?? ann;
    for (const contract of contracts.slice(0, -1)) {
      for (const client of clients.slice(0, -1)) {
        const room = Math.min(QUERY_CALLS_PER_ACCOUNT, SUSPENDED_CALLS_MAX - waiting.length);
        for (let i = 0; i < room; i++) waiting.push(ask(client, contract));
        expect(ending(await ask(client, contract))).toBe("BUSY");
      }
      expect(ending(await ask(newcomer, contract))).toBe("BUSY");
      // Nobody is kept from what is answered at once.
      expect(told(await newcomer.query(contract, "count"))).toBe(0);
    }
    expect(waiting).toHaveLength(SUSPENDED_CALLS_MAX);
    expect(ending(await ask(newcomer, last))).toBe("BUSY");
    world.resolve(ok("now"));
    await Promise.all(waiting);
    expect(told(await ann.query(last, "count"))).toBe(0);
  }, 120_000);
});
