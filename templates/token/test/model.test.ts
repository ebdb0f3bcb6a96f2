import token from "contract:token";
import fc from "fast-check";
import { checkModel, type World } from "hermetic/testing";
import { describe, it } from "vitest";

const supply = 1_000n;
const callers = ["owner", "ann", "bob"];
const setUp = (world: World) => world.deploy(token, { caller: "owner", args: { supply } });

describe("Token", () => {
  it("moves tokens as the model does, and makes none", { timeout: 60_000 }, async () => {
    await checkModel(
      fc,
      token,
      {
        setUp,
        callers,
        model: (world) => new Map([[world.account("owner"), supply]]),
        commands: {
          transfer: {
            args: (any) => fc.record({ to: any.type("account"), amount: fc.bigInt(0n, 600n) }),
            expect: ({ model, account, args: { to, amount } }) => {
              if (/^0+$/.test(to)) return { fails: "RecipientInvalid" };
              const balance = model.get(account) ?? 0n;
              if (balance < amount) return { fails: "InsufficientBalance", args: { balance } };
              model.set(account, balance - amount);
              model.set(to, (model.get(to) ?? 0n) + amount);
              return { returns: undefined };
            },
          },
        },
        invariants: {
          "everybody has what the model says": async ({ model, contract }) => {
            const held = callers.map((who) => contract.as(who));
            const balances = await Promise.all(held.map((each) => each.query.balance()));
            return held.every(({ account }, i) => balances[i] === (model.get(account) ?? 0n));
          },
        },
      },
      { numRuns: 10 },
    );
  });
});
