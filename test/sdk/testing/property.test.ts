/**
 * Arbitraries and models: they must find what is wrong, make it short, and tell it as code that runs.
 *
 * @module
 */
import fc from "fast-check";
import { arbitraries, checkModel, createWorld, RunFailure, type World } from "hermetic/testing";
import { describe, expect, it } from "vitest";
import type { Abi } from "#protocol/abi.ts";
import { decodeResult } from "#sdk/client/abi/decode.ts";
import { encodeArgs, encodeValue } from "#sdk/client/abi/encode.ts";
import { accountOf } from "#sdk/testing/callers.ts";
import { equalValues } from "#sdk/testing/property/equal-values.ts";
import { valueCode } from "#sdk/testing/property/code.ts";
import { abiWith, typed } from "#test/sdk/client/abi/arbitrary.ts";
import purse from "contract:purse";
import workshop from "contract:workshop";

const SUPPLY = 1000n;
const callers = ["owner", "ann", "bob"];

const setUp = (world: World) => world.deploy(purse, { args: { supply: SUPPLY } });

/** The failure of a check that must find something. */
async function found(check: Promise<void>): Promise<RunFailure> {
  try {
    await check;
  } catch (error) {
    if (error instanceof RunFailure) return error;
    throw error;
  }
  throw new Error("the check found nothing");
}

/** Runs pasted code. @returns What `look` gives at the end. */
function pasted(failure: RunFailure, look: string): Promise<unknown> {
  const code = failure.message.split("\n\n").slice(1).join("\n\n");
  const Run = Object.getPrototypeOf(async function run() {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<unknown>;
  return new Run("createWorld", "setUp", `${code}\nreturn ${look};`)(createWorld, setUp);
}

describe("arbitraries()", () => {
  it("property: every value of every type is encoded, and comes back equal", () => {
    const values = typed.chain(({ abi, type }) =>
      arbitraries(fc, abi)
        .type(type)
        .map((value) => ({ abi, type, value })),
    );
    fc.assert(
      fc.property(values, ({ abi, type, value }) => {
        const back = decodeResult(abi, type, encodeValue(abi, type, value));
        // A float of 32 bits is any of those that round to it; nothing else may change.
        expect(equalValues(back, value), valueCode(value, [])).toBe(true);
      }),
    );
  });

  it("property: arguments of a method are taken by it", () => {
    const any = arbitraries(fc, workshop);
    fc.assert(
      fc.property(any.args("add"), (args) => {
        const method = workshop.abi.methods.find(({ name }) => name === "add");
        expect(encodeArgs(workshop.abi as Abi, method as never, args).length).toBeGreaterThan(0);
      }),
    );
  });

  it("ends with records that hold themselves, and brings callers up often", () => {
    const node = { name: "Node", fields: [{ name: "next", type: { option: { data: "Node" } } }] };
    const any = arbitraries(fc, abiWith([node as Abi["types"][number]]), { callers: ["cem"] });
    expect(fc.sample(any.type({ data: "Node" }), 50)).toHaveLength(50);
    const world = new Set(fc.sample(any.type("account"), 200));
    expect(world.has(accountOf("cem"))).toBe(true);
  });

  it("is typed by the ABI, and refuses a method that is not there", () => {
    const any = arbitraries(fc, workshop);
    const amounts: fc.Arbitrary<{ readonly amount: bigint }> = any.args("add");
    expect(fc.sample(amounts, 1)).toHaveLength(1);
    // @ts-expect-error there is no such method
    expect(() => any.args("subtract")).toThrow("HRM5016");
  });
});

describe("checkModel()", () => {
  it("finds that money comes from nothing, by the shortest list of calls, as code that runs", async () => {
    const failure = await found(
      checkModel(
        fc,
        purse,
        {
          setUp,
          callers: ["owner"],
          model: () => undefined,
          invariants: {
            "the sum of all purses is the supply": async ({ contract, world }) => {
              const held = await Promise.all(
                callers.map((who) => contract.query.holds({ who: world.account(who) })),
              );
              return held.reduce((sum, each) => sum + each, 0n) <= SUPPLY;
            },
          },
        },
        { numRuns: 300 },
      ),
    );
    expect(failure.message).toContain("it does not hold that the sum of all purses is the supply");
    expect(failure.message).toMatch(/after \d+ runs and \d+ shrinks, \{ seed: -?\d+, path: "/);
    expect(failure.lines).toEqual([
      'await contract.as("owner").command.pay({ to: world.account("owner"), amount: 1n });',
    ]);
    const owner = `{ who: world.account("owner") }`;
    expect(await pasted(failure, `contract.query.holds(${owner})`)).toBe(SUPPLY + 1n);
  });

  it("holds calls against a model, and passes where they agree", async () => {
    /** @param limit - Up to it the model makes the contract's mistake. */
    const check = (limit: bigint, numRuns: number) =>
      checkModel(
        fc,
        purse,
        {
          setUp,
          callers: ["owner"],
          model: (world) => new Map([[world.account("owner"), SUPPLY]]),
          commands: {
            pay: {
              args: (any) =>
                any.args("pay").map(({ to, amount }) => ({ to, amount: amount % 21n })),
              expect: ({ model, account, args: { to, amount } }) => {
                const held = model.get(account) ?? 0n;
                if (held < amount) return { fails: "TooPoor", args: { missing: amount - held } };
                model.set(account, held - amount);
                const received = to === account && amount < limit ? held : model.get(to);
                model.set(to, (received ?? 0n) + amount);
                return { returns: undefined };
              },
            },
          },
          invariants: {
            "purses hold what the model says": async ({ model, contract }) => {
              for (const [who, amount] of model) {
                expect(await contract.query.holds({ who })).toBe(amount);
              }
            },
          },
        },
        { numRuns },
      );
    await check(SUPPLY, 25);
    const failure = await found(check(7n, 400));
    expect(failure.message).toContain("purses hold what the model says: expected");
    expect(failure.lines).toHaveLength(1);
  });

  it("says what a call should have come to", async () => {
    const check = (
      ending: { returns: unknown } | { fails: string; args?: Record<string, unknown> },
    ) =>
      found(
        checkModel(
          fc,
          purse,
          {
            setUp,
            model: () => 0,
            commands: {
              pay: {
                args: () => fc.constant({ to: "11".repeat(32), amount: 2000n }),
                expect: () => ending,
              },
            },
          },
          { numRuns: 5 },
        ),
      );
    expect((await check({ returns: 1n })).message).toContain(
      "it should have returned 1n, but failed with TooPoor",
    );
    expect((await check({ fails: "PANIC" })).message).toContain("should have failed with PANIC");
    const args = { missing: 999_999n };
    expect((await check({ fails: "TooPoor", args })).message).toContain("{ missing: 999999n }");
  });

  it("lets time pass between calls, and says so in the code", async () => {
    const failure = await found(
      checkModel(
        fc,
        purse,
        {
          setUp,
          model: () => undefined,
          commands: { wait: { args: () => fc.constant({ seconds: 0 }) } },
          maxCalls: 1,
          advance: fc.integer({ min: 0, max: 1000 }),
          invariants: {
            "it is early": ({ world }) => world.time.now() < 1_893_456_000n + 100n,
          },
        },
        { numRuns: 300 },
      ),
    );
    expect(failure.lines).toEqual(["world.time.advance({ seconds: 100 });"]);
  });

  it("checks invariants before the first call, and is not satisfied by a mistake in the test", async () => {
    const failure = await found(
      checkModel(
        fc,
        purse,
        {
          setUp,
          model: () => 0,
          invariants: {
            "nothing is there": async ({ contract }) => (await contract.query.supply()) === 0n,
          },
        },
        { numRuns: 1 },
      ),
    );
    expect(failure.lines).toEqual([]);
    const mistaken = checkModel(fc, purse, {
      setUp: () => Promise.reject(new TypeError("a typo")),
      model: () => 0,
    });
    await expect(mistaken).rejects.toThrow(new TypeError("a typo"));
    const unknown = { setUp, model: () => 0, commands: { peel: {} } };
    await expect(checkModel(fc, purse, unknown as never)).rejects.toThrow("HRM5016");
  });
});

describe("valueCode()", () => {
  it("property: is read back as the value it stands for", () => {
    fc.assert(
      fc.property(typed, ({ value }) => {
        // oxlint-disable-next-line no-eval -- the code is what is tested
        const back: unknown = eval(`(${valueCode(value, [])})`);
        expect(equalValues(back, value)).toBe(true);
      }),
    );
  });
});
