/**
 * Goal: the same log gives the same state, digest and replies' contents, whenever and however it is
 * executed. Method: random histories, failing calls included, executed again in every way there is.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { Operator, type Disk } from "#test/support/operator.ts";
import { call, RawClient } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { ok, scriptedHttp } from "#test/support/scripted-http.ts";
import { args } from "#test/support/values.ts";

type Step =
  | {
      readonly do: "call";
      readonly method: string;
      readonly args: Uint8Array;
      readonly gas: number;
    }
  | { readonly do: "ask" | "snapshot" | "restart" | "session" }
  | { readonly do: "clock"; readonly by: number };

const number = fc.nat(20);
const calls = fc.oneof(
  fc.record({ method: fc.constant("add"), args: number.map((n) => args(n)) }),
  fc.record({
    method: fc.constant("addAtMost"),
    args: fc.tuple(number, number).map((n) => args(...n)),
  }),
  fc.record({ method: fc.constant("stop"), args: fc.nat(5).map((n) => args(n)) }),
  fc.record({
    method: fc.constant("note"),
    args: fc.tuple(number, fc.nat(4), fc.nat(500)).map((n) => args(...n)),
  }),
  fc.record({
    method: fc.constant("forget"),
    args: fc.tuple(number, fc.nat(9)).map((n) => args(...n)),
  }),
  fc.record({
    method: fc.constantFrom("roll", "stamp", "mark", "announce", "nothing"),
    args: fc.constant(args()),
  }),
);
const gas = fc.constantFrom(100_000_000, 100_000_000, 200_000, 0);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(calls, gas)
        .map(([made, limit]) => ({ do: "call", ...made, gas: limit }) as const),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("ask", "snapshot", "restart", "session")
        .map((what) => ({ do: what }) as const),
    },
    {
      weight: 1,
      arbitrary: fc.integer({ min: -1e6, max: 1e9 }).map((by) => ({ do: "clock", by }) as const),
    },
  ),
  { minLength: 1, maxLength: 15 },
);

describe("Executor", () => {
  let probeCode: Uint8Array;
  let oracleCode: Uint8Array;

  beforeAll(async () => {
    probeCode = await fixture("probe");
    oracleCode = await fixture("oracle");
  });

  async function live(history: readonly Step[]): Promise<{ disk: Disk; digests: string[] }> {
    const operator = new Operator({ http: scriptedHttp(({ url }) => ok(url)) }).start();
    const ann = await RawClient.open(operator, 1);
    const probe = await ann.deployed(probeCode, { method: "open" });
    const oracle = await ann.deployed(oracleCode, { method: "open" });
    const digests: string[] = [];
    for (const step of history) {
      if (step.do === "call")
        await ann.submit(ann.envelope("command", probe, call(step.method, step.args, step.gas)));
      else if (step.do === "ask") await ann.command(oracle, "ask", args("https://one.example/"));
      else if (step.do === "snapshot") operator.takeSnapshot();
      else if (step.do === "restart") operator.start();
      else if (step.do === "session") await RawClient.open(operator, 2);
      else if (step.do === "clock") operator.clockMs += step.by;
      const { height, digest } = operator.info();
      digests[height] = toHex(digest);
    }
    return { disk: operator.disk, digests };
  }

  /** Digest after executing a log from nothing, up to a height. */
  function again(disk: Disk, height: number): string {
    const log = disk.log.slice(0, height);
    const operator = new Operator({
      disk: { ...disk, log, deltas: [], snapshot: { height: 0, pieces: [] } },
    });
    operator.restore({ rebuild: true });
    return toHex(operator.info().digest);
  }

  it("property: a log executed again gives the same digest at every height", async () => {
    const property = fc.asyncProperty(steps, async (history) => {
      const { disk, digests } = await live(history);
      for (const [height, digest] of digests.entries()) {
        if (digest !== undefined) expect(again(disk, height)).toBe(digest);
      }
    });
    await fc.assert(property, { numRuns: 12 });
  }, 120_000);

  it("property: snapshot and deltas restore the same digest as the log", async () => {
    const property = fc.asyncProperty(steps, async (history) => {
      const { disk } = await live(history);
      const kept = new Operator({ disk: { ...disk, deltas: [...disk.deltas] } });
      kept.restore();
      expect(toHex(kept.info().digest)).toBe(again(disk, disk.log.length));
    });
    await fc.assert(property, { numRuns: 20 });
  }, 120_000);

  it("property: where a run of entries is cut makes no difference", async () => {
    const { disk } = await live([
      { do: "call", method: "add", args: args(3), gas: 1e8 },
      { do: "call", method: "stop", args: args(1), gas: 1e8 },
      { do: "call", method: "roll", args: args(), gas: 1e8 },
      { do: "ask" },
    ]);
    const digest = again(disk, disk.log.length);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 })), async (cuts) => {
        const empty = { ...disk, log: [], deltas: [], snapshot: { height: 0, pieces: [] } };
        const operator = new Operator({ disk: empty });
        operator.restore();
        const rest = disk.log.slice();
        for (const cut of [...cuts, rest.length]) {
          const batch = rest.splice(0, cut);
          if (batch.length > 0) operator.append(...batch);
          await operator.executed();
        }
        expect(toHex(operator.info().digest)).toBe(digest);
      }),
      { numRuns: 10 },
    );
  });
});
