/**
 * Contracts made of several classes, and values that are generic or inherit fields.
 *
 * @module
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { build, type BuiltContract } from "#sdk/transform/index.ts";
import { createWorld } from "#sdk/testing/index.ts";
import { account, Guest } from "#test/support/guest.ts";

const FIXTURES = "test/sdk/fixtures/inherited";
let built: Guest;
let shop: Guest;
beforeAll(async () => {
  built = await Guest.build(`${FIXTURES}/shop.ts`);
});
beforeEach(() => {
  shop = built.fresh();
  shop.init("open");
});

/** An item: the inherited field, that of the constructor, that of the body. */
const item = (name: string, price: number): unknown[] => [name, price, 3];

describe("a contract that extends classes", () => {
  it("keeps and serves the fields and methods of all of them", () => {
    expect(shop.query("ownerOf").value).toEqual(account(1));
    const put = shop.command("put", "a", item("A", 5));
    expect(put.value).toBe(1);
    expect(put.writes).toEqual(expect.arrayContaining(["n", "last", "total", "best"]));
    expect(shop.query("get", "a").value).toEqual(item("A", 5));
    expect(shop.query("some", ["a", "b"]).value).toEqual([item("A", 5)]);
    expect(shop.query("sum").value).toEqual([5, 1]);
  });

  it("calls an override through the base, and the base through super", () => {
    expect(shop.command("put", "", item("A", 5)).failed).toEqual({
      name: "Refused",
      fields: [0],
    });
    expect(shop.query("sum").value).toEqual([0, 0]);
    expect(shop.query("refuse", 7).failed).toEqual({ name: "Refused", fields: [7] });
  });

  it("keeps @only of a base, events included", () => {
    const { events } = shop.command("handOver", account(2));
    expect(events).toMatchObject([{ name: "OwnerChanged", fields: [account(1), account(2)] }]);
    expect(shop.command("handOver", account(1)).fault).toBe("CALLER_REFUSED");
    expect(shop.query("ownerOf").value).toEqual(account(2));
  });

  it("offers nothing that is not marked anywhere", () => {
    for (const method of ["own", "accepts", "init"]) {
      expect(shop.command(method).fault).toBe("METHOD_UNKNOWN");
      expect(shop.query(method).fault).toBe("METHOD_UNKNOWN");
    }
  });

  it("refuses a value of other fields than the class and its base have", () => {
    expect(shop.command("put", "a", ["A", 5, 70_000]).fault).toBe("ARGUMENTS_MALFORMED");
    expect(shop.command("put", "a", ["A", 5]).fault).toBe("ARGUMENTS_MALFORMED");
  });

  it("takes and gives generic values", () => {
    const pairs = [
      [3, item("A", 1)],
      [2, item("B", 2)],
    ];
    expect(shop.query("cheapest", pairs).value).toEqual([2, item("B", 2)]);
    expect(shop.query("cheapest", []).value).toBeNull();
  });

  it("is described as one class", () => {
    const { abi } = shop.contract;
    expect(abi.methods.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      "query ownerOf",
      "command handOver",
      "command put",
      "query get",
      "query some",
      "init open",
      "query sum",
      "query cheapest",
      "query refuse",
    ]);
    expect(abi.methods[0]?.doc).toBe("Who it belongs to.");
    expect(abi.state.map(({ name }) => name)).toEqual([
      "owner",
      "items",
      "n",
      "last",
      "total",
      "best",
    ]);
    expect(abi.types.map(({ name, fields }) => [name, fields.map((field) => field.name)])).toEqual([
      ["Item", ["name", "price", "stock"]],
      ["Pair<u64, u32>", ["first", "second"]],
      ["Pair<u64, Item>", ["first", "second"]],
      ["Pair<u64, account>", ["first", "second"]],
      ["Pair<string, Pair<u64, account>>", ["first", "second"]],
    ]);
    expect(abi.events.map(({ name }) => name)).toEqual(["OwnerChanged"]);
    expect(abi.errors.map(({ name }) => name)).toEqual(["Refused"]);
  });

  it("is called by other contracts, inherited methods included", { timeout: 60_000 }, async () => {
    const [buyer] = (await build({ entry: `${FIXTURES}/buyer.ts` })).contracts;
    const world = await createWorld();
    const target = await world.deploy(shop.contract, { caller: "owner" });
    const calls = await world.deploy(buyer as BuiltContract, { caller: "owner" });
    const list = (price: bigint): Promise<unknown> =>
      calls.as("ann").command["list"]?.({ shop: target.address, price }) as Promise<unknown>;
    expect(await list(4n)).toMatchObject({ value: 2 });
    expect(await list(0n)).toMatchObject({ value: 1001 });
    const owner = await calls.as("ann").query["ownerOf"]?.({ shop: target.address });
    expect(owner).toBe(await target.query["ownerOf"]?.());
  });
});
