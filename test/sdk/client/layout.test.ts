import { describe, expect, it } from "vitest";
import type { Abi, AbiIndex, AbiRecord, AbiStateField, AbiType } from "#protocol/abi.ts";
import { compareLayouts, layoutLine, refuseLoss } from "#sdk/client/contract/layout.ts";

function abiOf(state: readonly AbiStateField[], types: readonly AbiRecord[] = []): Abi {
  return { abi: 1, contract: "C", methods: [], types, events: [], errors: [], state };
}

const cell = (type: AbiType): Abi => abiOf([{ name: "x", kind: "cell", type }]);
const record = (name: string, ...fields: readonly AbiType[]): AbiRecord => ({
  name,
  fields: fields.map((type, index) => ({ name: `f${index}`, type })),
});

/** How a change of one field looks, without its name. */
function change(before: Abi, after: Abi): string[] {
  return compareLayouts(before, after).map(layoutLine);
}

describe("compareLayouts()", () => {
  it("says nothing of what stays, whatever becomes of the methods", () => {
    expect(change(cell("u64"), { ...cell("u64"), contract: "D" })).toEqual([]);
  });

  it("names what is added and what is lost", () => {
    expect(change(abiOf([]), cell("u64"))).toEqual(["  + x: u64"]);
    expect(change(cell("string"), abiOf([]))).toEqual(["! - x: string"]);
  });

  it.each<[AbiType, AbiType, string]>([
    ["u8", "u64", " "],
    ["i16", "i32", " "],
    ["u64", { option: "u64" }, " "],
    [{ list: "u8" }, { list: "u16" }, " "],
    ["u64", "u32", "!"],
    ["u32", "i64", "!"],
    ["u64", "u128", "!"],
    [{ option: "u64" }, "u64", "!"],
    ["string", "bytes", "!"],
    [{ list: "u8" }, "bytes", "!"],
    ["u64", "string", "!"],
  ])("tells whether %j is read as %j", (before, after, mark) => {
    expect(change(cell(before), cell(after)).map((line) => line[0])).toEqual([mark]);
  });

  it("looks into records, also into one that holds itself", () => {
    const node = (type: AbiType): Abi =>
      abiOf(
        [{ name: "x", kind: "cell", type: { data: "N" } }],
        [record("N", type, { option: { data: "N" } })],
      );
    expect(change(node("u8"), node("u8"))).toEqual([]);
    expect(change(node("u8"), node("u16"))).toEqual([
      "  ~ x: N(f0: u8, f1: N | null) -> N(f0: u16, f1: N | null)",
    ]);
    expect(change(node("u8"), node("string"))[0]).toMatch(/^! ~ x: N\(f0: u8/);
  });

  it("takes a key for the same only if it has the same bytes, whatever its class is called", () => {
    const keyed = (name: string, ...fields: readonly AbiType[]): Abi =>
      abiOf([{ name: "x", kind: "keyset", key: { data: name } }], [record(name, ...fields)]);
    expect(change(keyed("P", "u32", "string"), keyed("P", "u32", "string"))).toEqual([]);
    expect(change(keyed("P", "u32", "string"), keyed("Q", "u32", "string"))).toEqual([
      "  ~ x: KeySet<P(f0: u32, f1: string)> -> KeySet<Q(f0: u32, f1: string)>",
    ]);
    const lossy: readonly AbiType[][] = [["u64", "string"], ["u32", "bytes"], ["u32"], []];
    for (const fields of [...lossy, ["u32", "string", "u8"] as const]) {
      expect(change(keyed("P", "u32", "string"), keyed("P", ...fields))[0]).toMatch(/^! ~ x/);
    }
    const plain = abiOf([{ name: "x", kind: "keyset", key: "u32" }]);
    expect(change(keyed("P", "u32"), plain)[0]).toMatch(/^! ~ x/);
    expect(change(plain, keyed("P", "u32"))[0]).toMatch(/^! ~ x/);
  });

  it("sees fields of a record that changed places, even if their types are the same", () => {
    const of = (...names: readonly string[]): Abi =>
      abiOf(
        [{ name: "x", kind: "cell", type: { data: "R" } }],
        [{ name: "R", fields: names.map((name) => ({ name, type: "u64" })) }],
      );
    expect(change(of("a", "b"), of("b", "a"))).toEqual([
      "! ~ x: R(a: u64, b: u64) -> R(b: u64, a: u64)",
    ]);
    expect(change(of("a", "b"), of("c", "a"))[0]).toMatch(/^!/);
  });

  it("shows a field of a record that has another name, and takes it for the same", () => {
    const of = (name: string): Abi =>
      abiOf(
        [{ name: "x", kind: "cell", type: { data: "R" } }],
        [{ name: "R", fields: [{ name, type: "u64" }] }],
      );
    expect(change(of("cents"), of("amount"))).toEqual(["  ~ x: R(cents: u64) -> R(amount: u64)"]);
  });

  it("takes a record with another number of fields for another", () => {
    const of = (...types: readonly AbiType[]): Abi =>
      abiOf([{ name: "x", kind: "list", type: { data: "R" } }], [record("R", ...types)]);
    expect(change(of("u8"), of("u8", "u8"))).toEqual([
      "! ~ x: List<R(f0: u8)> -> List<R(f0: u8, f1: u8)>",
    ]);
  });

  it("keeps collections and their keys apart", () => {
    const mapping = (key: AbiType): Abi => abiOf([{ name: "x", kind: "mapping", key, type: "u8" }]);
    expect(change(mapping("account"), mapping("bytes"))[0]).toMatch(/^!/);
    expect(change(mapping("u8"), mapping("u16"))[0]).toMatch(/^!/);
    expect(change(mapping("u8"), abiOf([{ name: "x", kind: "keyset", key: "u8" }]))).toEqual([
      "! ~ x: Mapping<u8, u8> -> KeySet<u8>",
    ]);
  });
});

describe("the indexes of a map", () => {
  const map = (...indexes: readonly AbiIndex[]): Abi =>
    abiOf([{ name: "x", kind: "indexedmap", key: "u8", type: "u64", indexes }]);

  it("may come and go, and are lost when they hold another type", () => {
    const [owner, price] = [
      { name: "owner", type: "account" },
      { name: "price", type: "u64" },
    ] as const;
    expect(change(map(owner), map(owner))).toEqual([]);
    expect(change(map(), map(owner))).toEqual([
      "  ~ x: IndexedMap<u8, u64> -> IndexedMap<u8, u64> by owner: account",
    ]);
    expect(change(map(owner, price), map(owner))).toEqual([
      "  ~ x: IndexedMap<u8, u64> by owner: account, price: u64 -> IndexedMap<u8, u64> by owner: account",
    ]);
    expect(change(map(price), map({ name: "price", type: "u128" }))).toEqual([
      "! ~ x: IndexedMap<u8, u64> by price: u64 -> IndexedMap<u8, u64> by price: u128",
    ]);
    expect(change(map(price), map({ name: "price" }))).toEqual([
      "  ~ x: IndexedMap<u8, u64> by price: u64 -> IndexedMap<u8, u64> by price: ?",
    ]);
  });
});

describe("refuseLoss()", () => {
  const lossy = compareLayouts(cell("string"), abiOf([]));

  it("names what would be lost", () => {
    expect(() => refuseLoss(abiOf([]), lossy)).toThrow(
      expect.objectContaining({
        code: "HRM2009",
        message: expect.stringContaining("! - x: string") as string,
      }),
    );
  });

  it("lets pass what loses nothing, and what a @migrate method answers for", () => {
    expect(() => refuseLoss(cell("u64"), compareLayouts(abiOf([]), cell("u64")))).not.toThrow();
    const migrate = { name: "m", kind: "migrate", inputs: [], output: null } as const;
    expect(() => refuseLoss({ ...abiOf([]), methods: [migrate] }, lossy)).not.toThrow();
  });
});
