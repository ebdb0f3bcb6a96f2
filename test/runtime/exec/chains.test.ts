/**
 * Contracts that call contracts, in the replicated state machine: one entry, one delta, one digest.
 */
import fc from "fast-check";
import type { HttpCaller } from "#host/http/power.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import type { HttpResult } from "#protocol/http.ts";
import { build } from "#sdk/transform/index.ts";
import { Operator } from "#test/support/operator.ts";
import { ending, RawClient, replyOf } from "#test/support/raw-client.ts";
import { ok, scriptedHttp } from "#test/support/scripted-http.ts";
import { args, returned, told } from "#test/support/values.ts";

const FOLDER = "test/sdk/testing/fixtures/contracts";
const NAMES = ["vault", "robber", "mirror", "herald", "audience"] as const;
const URL = "https://news.example/";

type Name = (typeof NAMES)[number];

async function component(name: Name): Promise<Uint8Array> {
  const { contracts } = await build({ entry: `${FOLDER}/${name}.ts` });
  const [contract] = contracts;
  if (contract === undefined) throw new Error(`no contract in ${name}.ts`);
  return contract.wasm;
}

describe("chains of calls", () => {
  const code = {} as Record<Name, Uint8Array>;

  beforeAll(async () => {
    for (const name of NAMES) code[name] = await component(name);
  });

  async function town(answer: () => HttpResult | Promise<HttpResult> = () => ok("rain")) {
    const web = scriptedHttp(answer);
    let lives = 0;
    const http = { ...web, live: (caller: HttpCaller) => (lives++, web.live(caller)) };
    const operator = new Operator({ http }).start();
    const ann = await RawClient.open(operator, 1);
    const init = { method: "init" };
    const vault = await ann.deployed(code.vault, init);
    const mirror = await ann.deployed(code.mirror, init);
    const herald = await ann.deployed(code.herald, init);
    const robber = await ann.deployed(code.robber, { method: "plan", args: args(vault) });
    const audience = await ann.deployed(code.audience, { method: "join", args: args(herald) });
    return { operator, ann, vault, mirror, herald, robber, audience, lives: () => lives };
  }

  it("let public events leave with the contract that emitted them, and private ones stay", async () => {
    const { operator, ann, vault, robber } = await town();
    await ann.command(robber, "store", args(7));
    expect(operator.events).toEqual([]);
    const reply = replyOf(await ann.command(robber, "rob", args(0, false)));
    expect(operator.events.map(({ name, contract }) => [name, toHex(contract)])).toEqual([
      ["Paid", toHex(vault)],
    ]);
    expect(reply.events.map(({ contract }) => contract && toHex(contract))).toEqual([toHex(vault)]);
    expect(reply.logs).toEqual([]);
  });

  it("property: executed again, give the same digest, whatever they were", async () => {
    const step = fc.constantFrom<(own: Awaited<ReturnType<typeof town>>) => Promise<unknown>>(
      ({ ann, robber }) => ann.command(robber, "store", args(3)),
      ({ ann, robber }) => ann.command(robber, "rob", args(2, true)),
      ({ ann, robber }) => ann.command(robber, "rob", args(2, false)),
      ({ ann, robber }) => ann.command(robber, "insist"),
      ({ ann, robber }) => ann.command(robber, "rob", args(2, true), 150_000),
      ({ ann, mirror }) => ann.command(mirror, "surround"),
      ({ ann, mirror }) => ann.command(mirror, "attempt"),
      ({ ann, mirror }) => ann.command(mirror, "forget"),
      ({ ann, audience }) => ann.command(audience, "listen", args(URL)),
      ({ ann, audience }) => ann.command(audience, "compare"),
    );
    const property = fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const own = await town();
      for (const each of steps) await each(own);
      const { digest } = own.operator.info();
      const { disk } = own.operator;
      for (const rebuild of [true, false]) {
        const other = new Operator({ disk: { ...disk, deltas: [...disk.deltas] } });
        other.restore({ rebuild });
        expect(toHex(other.info().digest)).toBe(toHex(digest));
      }
    });
    await fc.assert(property, { numRuns: 8 });
  }, 120_000);

  it("read all contracts of a query that waits as they were when it came", async () => {
    let answer: ((result: HttpResult) => void) | undefined;
    const held = new Promise<HttpResult>((resolve) => (answer = resolve));
    const { operator, ann, audience, mirror, herald } = await town(() => held);
    const waiting = ann.query(audience, "weigh", args(URL, mirror));
    await ann.command(mirror, "add", args(5));
    expect(told(await ann.query(mirror, "counted"))).toBe(1);
    const before = operator.height;
    answer?.(ok("sun"));
    expect(returned(await waiting)).toBe(0);
    expect(told(await ann.query(audience, "weigh", args(URL, mirror)))).toBe(1);
    expect([operator.height, told(await ann.query(herald, "count"))]).toEqual([before, 0]);
  });

  it("are given no way to wait before one of them has to", async () => {
    const { ann, robber, audience, lives } = await town();
    await ann.command(robber, "store", args(7));
    expect(told(await ann.query(robber, "balance"))).toBe(7);
    expect(lives()).toBe(0);
    expect(told(await ann.query(audience, "peek", args(URL)))).toBe("rain");
    expect(lives()).toBe(2);
  });

  it("tell a silent web from a contract that fails", async () => {
    const { ann, audience, robber } = await town(() => ({ error: "timeout" }));
    expect(returned(await ann.command(audience, "listen", args(URL)))).toBe("");
    expect(ending(await ann.command(robber, "insist"))).toBe("PANIC");
    expect(ending(await ann.command(robber, "complain"))).toBe("NothingHeld");
    expect(ending(await ann.query(robber, "sneak"))).toBe("PANIC");
  });
});
