/**
 * Static types of a contract handle. The compiler checks this file; at run time it only has to load.
 *
 * @module
 */
import { describe, expectTypeOf, it } from "vitest";
import type {
  AccountClient,
  CallResult,
  Contract,
  ContractErrorOf,
  Estimate,
  EventOf,
  InputOf,
  ResultOf,
} from "#sdk/client/index.ts";
import { probeAbi } from "#test/sdk/client/probe-abi.ts";

const abi = {
  abi: 1,
  contract: "Market",
  methods: [
    {
      name: "open",
      kind: "init",
      inputs: [
        { name: "owner", type: "account" },
        { name: "title", type: { option: "string" } },
      ],
      output: null,
    },
    {
      name: "place",
      kind: "command",
      inputs: [{ name: "order", type: { data: "Order" } }],
      output: "u256",
    },
    {
      name: "takeOver",
      kind: "migrate",
      inputs: [{ name: "fee", type: "u64" }],
      output: null,
    },
    { name: "tick", kind: "scheduled", every: 10, inputs: [], output: null },
    { name: "orders", kind: "query", inputs: [], output: { list: { data: "Order" } } },
    { name: "best", kind: "query", inputs: [], output: { option: { data: "Order" } } },
  ],
  types: [
    {
      name: "Order",
      fields: [
        { name: "price", type: "u128" },
        { name: "count", type: "u16" },
        { name: "tags", type: { list: "bytes" } },
        { name: "next", type: { option: { data: "Order" } } },
      ],
    },
  ],
  events: [
    { name: "Placed", fields: [{ name: "id", type: "i64" }], public: true },
    { name: "Filled", fields: [{ name: "by", type: "account" }] },
  ],
  errors: [
    { name: "TooLow", fields: [{ name: "least", type: "u64" }] },
    { name: "Closed", fields: [] },
  ],
  state: [],
} as const;

type Market = typeof abi;

interface Order {
  readonly price: bigint;
  readonly count: number;
  readonly tags: Uint8Array[];
  readonly next: Order | null;
}

/** Never called: only its types matter. */
async function use(ann: AccountClient, market: Contract<Market>): Promise<void> {
  expectTypeOf(await market.query.orders()).toExtend<readonly Order[]>();
  expectTypeOf(await market.query.best()).toExtend<Order | null>();
  const order = { price: 1n, count: 2, tags: [new Uint8Array()] };
  const placed = await market.command.place({ order });
  expectTypeOf(placed).toEqualTypeOf<CallResult<Market, bigint>>();
  await market.command.place([{ ...order, next: order }], {
    gasLimit: 5,
    signal: AbortSignal.abort(),
  });
  expectTypeOf(await market.query.best.detailed([], { atLeast: 3 })).toHaveProperty("proof");

  // @ts-expect-error A command is not a query.
  await market.query.place({ order });
  // @ts-expect-error There is no such method.
  await market.command.cancel();
  // @ts-expect-error An argument is missing.
  await market.command.place();
  // @ts-expect-error A field has another type.
  await market.command.place({ order: { ...order, count: "2" } });
  // @ts-expect-error A field is missing.
  await market.command.place({ order: { price: 1n, count: 2 } });
  // @ts-expect-error A command has no atLeast.
  await market.command.place({ order }, { atLeast: 1 });
  // @ts-expect-error @init is not called by hand.
  await market.command.open({ owner: "" });

  expectTypeOf(await market.estimate.place({ order })).toEqualTypeOf<Estimate>();
  // @ts-expect-error A query costs nothing that could be estimated.
  await market.estimate.orders();
  // @ts-expect-error An argument is missing.
  await market.estimate.place();
  // @ts-expect-error @migrate is not called by hand.
  await market.command.takeOver({ fee: 1n });
  // @ts-expect-error The cluster alone calls what is scheduled.
  await market.command.tick();

  for (const event of placed.events) {
    if (event.name === "Placed") expectTypeOf(event.args.id).toEqualTypeOf<bigint>();
    else expectTypeOf(event.args.by).toEqualTypeOf<string>();
  }
  const error: unknown = undefined;
  if (market.isError(error)) {
    expectTypeOf(error.name).toEqualTypeOf<"TooLow" | "Closed">();
    if (error.name === "TooLow") expectTypeOf(error.args.least).toEqualTypeOf<bigint>();
  }

  const wasm = new Uint8Array();
  await ann.deploy({ wasm, abi }, { args: { owner: new Uint8Array(32) } });
  await ann.deploy({ wasm, abi }, { args: ["00", null], secrets: { key: "value" } });
  const next = await typedUpgrade(market, wasm);
  expectTypeOf(await next.query.best()).toExtend<Order | null>();
  // @ts-expect-error The new code's @migrate takes a fee.
  await market.upgrade({ wasm, abi }, { args: {} });
  // @ts-expect-error This code has no @migrate method.
  await market.upgrade({ wasm, abi: probeAbi }, { args: { fee: 1n } });
  // @ts-expect-error The owner is missing.
  await ann.deploy({ wasm, abi }, { args: { title: "x" } });
  const loose = await ann.deploy(wasm, { args: { anything: 1 } });
  expectTypeOf(await loose.query["any"]?.()).toBeUnknown();
  const typed = ann.contract(probeAbi, "00");
  expectTypeOf(await typed.query.peek()).toEqualTypeOf<bigint>();
  expectTypeOf((await typed.command.announce()).value).toEqualTypeOf<undefined>();
}

function typedUpgrade(market: Contract<Market>, wasm: Uint8Array): Promise<Contract<Market>> {
  return market.upgrade({ wasm, abi }, { args: { fee: 1n } });
}

describe("the types of a contract", () => {
  it("are computed from an ABI that is as const", () => {
    expectTypeOf(use).toBeFunction();
    expectTypeOf<ResultOf<Market, { readonly option: "u32" }>>().toEqualTypeOf<number | null>();
    expectTypeOf<InputOf<Market, "u64">>().toEqualTypeOf<number | bigint>();
    expectTypeOf<InputOf<Market, "account">>().toEqualTypeOf<string | Uint8Array>();
    expectTypeOf<EventOf<Market>["name"]>().toEqualTypeOf<"Placed" | "Filled">();
    expectTypeOf<ContractErrorOf<Market>["name"]>().toEqualTypeOf<"TooLow" | "Closed">();
  });
});
