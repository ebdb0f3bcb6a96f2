/**
 * Goal: whatever becomes of contracts, every way back to the state gives the same state.
 * Method: random lives of a few contracts, in which planned calls run; then restarts from snapshot and
 * deltas, from deltas alone, and from the log alone, compared by digest and by what is told of each contract.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { Operator } from "#test/support/operator.ts";
import { ending, RawClient, valueOf } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { args } from "#test/support/values.ts";

type Act =
  | { readonly kind: "deploy"; readonly code: number; readonly salt: number }
  | {
      readonly kind: "upgrade";
      readonly which: number;
      readonly code: number;
      readonly how: number;
    }
  | { readonly kind: "freeze" | "destroy"; readonly which: number }
  | {
      readonly kind: "call";
      readonly which: number;
      readonly method: string;
      readonly value: number;
    }
  | { readonly kind: "pass" }
  | { readonly kind: "snapshot" };

const which = fc.nat(3);
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant("deploy" as const), code: fc.nat(2), salt: fc.nat(3) }),
  fc.record({ kind: fc.constant("upgrade" as const), which, code: fc.nat(2), how: fc.nat(4) }),
  fc.record({ kind: fc.constantFrom("freeze" as const, "destroy" as const), which }),
  fc.record({
    kind: fc.constant("call" as const),
    which,
    method: fc.constantFrom("add", "behave", "stop", "idle"),
    value: fc.nat(4),
  }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("pass" as const) }) },
  fc.record({ kind: fc.constant("snapshot" as const) }),
);

const NO_ARGS = args();
const inits = ["open", "open", "init"] as const;

describe("contracts, over random lives", () => {
  let codes: Uint8Array[];
  beforeAll(async () => {
    codes = await Promise.all([fixture("probe"), fixture("successor"), fixture("clockwork")]);
  });

  /** Does one thing; whatever it comes to is right as long as it comes to it everywhere. */
  async function step(
    operator: Operator,
    ann: RawClient,
    known: Uint8Array[],
    one: Act,
  ): Promise<void> {
    if (one.kind === "pass") return void operator.tick();
    if (one.kind === "snapshot") return operator.takeSnapshot();
    if (one.kind === "deploy") {
      const code = codes[one.code] as Uint8Array;
      const birth = { method: inits[one.code] as string, salt: Uint8Array.of(one.salt) };
      const reply = await ann.deploy(code, birth);
      if (ending(reply) === "returned") known.push(valueOf(reply).slice(2));
      return;
    }
    const contract = known[one.which];
    if (contract === undefined) return;
    if (one.kind === "call") {
      await ann.command(
        contract,
        one.method,
        one.method === "idle" ? NO_ARGS : args(one.value),
        1e7,
      );
      return;
    }
    const { version } = await ann.describe(contract);
    if (one.kind !== "upgrade") return void (await ann.end(one.kind, contract, version));
    const takesOver = one.code === 1 ? { method: "takeOver", args: args(one.how) } : {};
    await ann.upgrade(contract, codes[one.code] as Uint8Array, {
      version,
      gasLimit: 1e7 + 100 * (codes[one.code] as Uint8Array).length,
      ...takesOver,
    });
  }

  it("property: every way back gives the same digest and the same contracts", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
        const operator = new Operator().start();
        const ann = await RawClient.open(operator, 1);
        const known: Uint8Array[] = [];
        for (const one of acts) await step(operator, ann, known, one);
        const digest = toHex(operator.info().digest);
        const described = await Promise.all(known.map((contract) => ann.describe(contract)));
        operator.restore();
        expect(toHex(operator.info().digest)).toBe(digest);
        operator.start();
        const again = await Promise.all(known.map((contract) => ann.describe(contract)));
        expect(again).toEqual(described);
        const last = toHex(operator.info().digest);
        operator.restore({ rebuild: true });
        expect(toHex(operator.info().digest)).toBe(last);
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
