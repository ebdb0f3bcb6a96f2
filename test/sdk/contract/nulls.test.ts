/**
 * Comparing with null: it tells the compiler that a value is there, whatever its class overloads.
 *
 * @module
 */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createWorld, type TestContract } from "#sdk/testing/index.ts";
import { build } from "#sdk/transform/index.ts";

let contract: TestContract;

beforeAll(async () => {
  const { contracts } = await build({ entry: join(import.meta.dirname, "../fixtures/nulls.ts") });
  const [nulls] = contracts;
  if (nulls === undefined) throw new Error("fixtures/nulls.ts holds no contract");
  contract = await (await createWorld()).deploy(nulls);
});

const ask = (name: string, args: object): Promise<unknown> => {
  const query = contract.query[name];
  if (query === undefined) throw new Error(`there is no query ${name}`);
  return query(args);
};

describe("a comparison with null", () => {
  const account = "ab".repeat(32);

  it("narrows classes that compare by value", async () => {
    expect(await ask("accountOr", { one: account })).toBe(account);
    expect(await ask("accountOr", { one: null })).toBe(contract.address);
    expect(await ask("wideOr", { one: 0n })).toBe(0n);
    expect(await ask("wideOr", { one: null })).toBe(7n);
    expect(await ask("same", { one: account, other: account })).toBe(true);
    expect(await ask("same", { one: account, other: null })).toBe(false);
  });

  it("is about the reference, not the value", async () => {
    expect(await ask("isNobody", { one: null })).toBe(true);
    expect(await ask("isNobody", { one: "00".repeat(32) })).toBe(true);
    expect(await ask("isNobody", { one: account })).toBe(false);
    expect(await ask("lengthOf", { one: "" })).toBe(0);
    expect(await ask("lengthOf", { one: null })).toBe(-1);
    expect(await ask("plainOr", { one: { value: 0 } })).toBe(9);
    expect(await ask("plainOr", { one: { value: 3 } })).toBe(3);
  });

  it("holds for the last part of a loop", async () => {
    const first = { value: 1, next: { value: 2, next: { value: 4, next: null } } };
    expect(await ask("sums", { first })).toEqual([7, 7, 3]);
    expect(await ask("sums", { first: null })).toEqual([0, 0, 0]);
  });
});
