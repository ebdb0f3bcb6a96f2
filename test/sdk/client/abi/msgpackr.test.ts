/**
 * The client's codec against msgpackr, over values of random interfaces, in both directions.
 *
 * msgpackr knows no types and has forms of its own: what it writes is read as the same value or refused
 * for its form, and never read as another value.
 *
 * @module
 */
import fc from "fast-check";
import { Packr, Unpackr } from "msgpackr";
import { describe, expect, it } from "vitest";
import type { Abi, AbiType } from "#protocol/abi.ts";
import { decodeResult, encodeValue, HermeticError } from "#sdk/client/index.ts";
import { typed } from "#test/sdk/client/abi/arbitrary.ts";

const packr = new Packr({ useRecords: false, largeBigIntToFloat: false });
const unpackr = new Unpackr({ useRecords: false, int64AsType: "auto" as "number" });

/** A value as MessagePack sees it: records are arrays, wide integers and accounts are bytes. */
function plainOf(abi: Abi, type: AbiType, value: unknown): unknown {
  if (typeof type === "object" && "option" in type) {
    return value === null ? null : plainOf(abi, type.option, value);
  }
  if (type === "account") return Uint8Array.fromHex(value as string);
  if (type === "u128" || type === "u256") {
    const digits = type === "u128" ? 32 : 64;
    return Uint8Array.fromHex((value as bigint).toString(16).padStart(digits, "0"));
  }
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof type === "string") return value;
  if ("list" in type) {
    return (value as unknown[]).map((item) => plainOf(abi, type.list, item));
  }
  const fields = abi.types.find(({ name }) => name === type.data)?.fields ?? [];
  const record = value as Readonly<Record<string, unknown>>;
  return fields.map((field) => plainOf(abi, field.type, record[field.name]));
}

/** Buffers as the arrays that they are. */
function withoutBuffers(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  return Array.isArray(value) ? value.map(withoutBuffers) : value;
}

describe("the codec and msgpackr", () => {
  it("property: msgpackr reads what the codec writes", () => {
    fc.assert(
      fc.property(typed, ({ abi, type, value }) => {
        const read: unknown = unpackr.unpack(encodeValue(abi, type, value));
        expect(withoutBuffers(read)).toEqual(plainOf(abi, type, value));
      }),
      { numRuns: 500 },
    );
  });

  it("property: the codec reads what msgpackr writes as the same, or refuses its form", () => {
    let same = 0;
    fc.assert(
      fc.property(typed, ({ abi, type, value }) => {
        const bytes = new Uint8Array(packr.pack(plainOf(abi, type, value)));
        try {
          expect(decodeResult(abi, type, bytes)).toEqual(value);
          expect(bytes).toEqual(encodeValue(abi, type, value));
          same++;
        } catch (error) {
          if (!(error instanceof HermeticError)) throw error;
          expect(error.code).toBe("HRM2008");
        }
      }),
      { numRuns: 500 },
    );
    expect(same).toBeGreaterThan(40);
  });
});
