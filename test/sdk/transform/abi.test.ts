/**
 * The ABI of fixtures and examples: what clients are generated from.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import type { Abi } from "#protocol/abi.ts";
import { build } from "#sdk/transform/index.ts";

async function abiOf(entry: string): Promise<Abi> {
  const { contracts } = await build({ entry });
  const [contract] = contracts;
  if (!contract) throw new Error("nothing was built");
  return contract.abi;
}

describe("the ABI", () => {
  it("has methods, types, events, errors, state and doc comments", async () => {
    expect(await abiOf("test/sdk/fixtures/hello.ts")).toEqual({
      abi: 1,
      contract: "Hello",
      doc: "Counts greetings.",
      methods: [
        {
          name: "open",
          kind: "init",
          inputs: [{ name: "greeting", type: "string" }],
          output: null,
        },
        {
          name: "greet",
          kind: "command",
          doc: "Greets, and counts it.",
          inputs: [],
          output: "u32",
        },
        {
          name: "total",
          kind: "query",
          inputs: [{ name: "names", type: { list: "string" } }],
          output: "string",
        },
      ],
      types: [],
      events: [
        {
          name: "Greeted",
          fields: [
            { name: "who", type: "account" },
            { name: "count", type: "u32" },
          ],
        },
      ],
      errors: [{ name: "TooMany", fields: [{ name: "most", type: "u32" }] }],
      state: [
        { name: "greeting", kind: "cell", type: "string" },
        { name: "count", kind: "cell", type: "u32" },
        { name: "last", kind: "cell", type: "account" },
        { name: "counts", kind: "mapping", key: "account", type: "u32" },
      ],
    });
  });

  it("knows every type", async () => {
    const { methods, types } = await abiOf("test/sdk/fixtures/echo.ts");
    const inputs = Object.fromEntries(
      methods.map(({ name, inputs: [first] }) => [name, first?.type]),
    );
    expect(inputs).toMatchObject({
      ofBool: "bool",
      ofU8: "u8",
      ofU64: "u64",
      ofI16: "i16",
      ofF32: "f32",
      ofF64: "f64",
      ofU128: "u128",
      ofU256: "u256",
      ofString: "string",
      ofBytes: "bytes",
      ofAccount: "account",
      ofList: { list: "u32" },
      ofLists: { list: { list: "string" } },
      ofOption: { option: "string" },
      ofOptionList: { list: { option: { data: "Point" } } },
      ofTree: { data: "Tree" },
    });
    expect(types.map(({ name }) => name).toSorted()).toEqual(["Mixed", "Nothing", "Point", "Tree"]);
    expect(types.find(({ name }) => name === "Tree")?.fields).toEqual([
      { name: "label", type: "string" },
      { name: "children", type: { list: { data: "Tree" } } },
    ]);
  });

  it("gives a contract without @init one that takes nothing", async () => {
    const { methods } = await abiOf("test/sdk/fixtures/echo.ts");
    expect(methods[0]).toEqual({ name: "init", kind: "init", inputs: [], output: null });
  });

  it("tells who may call, what is public, and the stored name of a field", async () => {
    const { methods, events, errors, state } = await abiOf("test/sdk/fixtures/ledger.ts");
    expect(methods.find(({ name }) => name === "restricted")).toMatchObject({ only: "owner" });
    expect(events).toEqual([
      {
        name: "Added",
        fields: [
          { name: "who", type: "account" },
          { name: "amount", type: "u64" },
        ],
      },
      { name: "Closed", fields: [], public: true },
    ]);
    expect(errors.map(({ name }) => name)).toEqual(["Limit", "Missing"]);
    expect(state).toContainEqual({ name: "before", kind: "cell", type: "u32" });
    expect(state).toContainEqual({ name: "list", kind: "list", type: { data: "Entry" } });
    expect(state).toContainEqual({ name: "members", kind: "keyset", key: "account" });
    expect(state.map(({ name }) => name)).not.toContain("calls");
  });

  it.each(["auction", "price-oracle", "token"])("of %s is as recorded", async (name) => {
    const abi = await abiOf(`contracts/${name}/${name}.ts`);
    const recorded = `../../vectors/abi/${name}.json`;
    await expect(`${JSON.stringify(abi, null, 2)}\n`).toMatchFileSnapshot(recorded);
  });

  it("lists errors of contracts that are called, which may be handed on, but not their events", async () => {
    const { errors, events } = await abiOf("contracts/sale/sale.ts");
    const names = errors.map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(["AlreadySold", "NotForSale", "PaymentRefused"]);
    expect(names).toContain("InsufficientAllowance");
    expect(events.map(({ name }) => name)).toEqual(["Sold"]);
  });

  it("says which methods may be entered again", async () => {
    const { methods } = await abiOf("test/sdk/testing/fixtures/contracts/mirror.ts");
    const reentrant = methods.filter((method) => method.reentrant).map(({ name }) => name);
    expect(reentrant).toEqual(["add", "spin", "counted"]);
  });

  it("says by what the values of an IndexedMap are found", async () => {
    const { state } = await abiOf("test/sdk/fixtures/books/books.ts");
    expect(state.find(({ name }) => name === "orders")).toEqual({
      name: "orders",
      kind: "indexedmap",
      key: "u64",
      type: { data: "Order" },
      indexes: [
        { name: "owner", type: "account" },
        { name: "total", type: "u128" },
        { name: "note", type: "string" },
      ],
    });
  });
});
