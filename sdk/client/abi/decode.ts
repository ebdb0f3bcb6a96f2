/**
 * From what a contract returned to JavaScript values, strictly by the ABI.
 *
 * 64-bit and wider integers are bigints, accounts lower-case hexadecimal, `@data` plain objects.
 *
 * @module
 */
import type { Abi, AbiField, AbiScalar, AbiType } from "#protocol/abi.ts";
import { toHex } from "#protocol/bytes.ts";
import { DECODE_DEPTH_MAX } from "#protocol/limits.ts";
import { ACCOUNT_BYTES } from "#sdk/client/abi/encode.ts";
import { integerTypes, isIntegerName, largest, smallest } from "#sdk/client/abi/integers.ts";
import { dataOf } from "#sdk/client/abi/lookup.ts";
import { Mismatch, Reader } from "#sdk/client/abi/reader.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";

/**
 * The result of a method.
 *
 * @param type - `null` for a method without result, which gives `undefined`.
 * @throws {@link HermeticError} `ABI_MISMATCH` with the path of what does not fit.
 */
export function decodeResult(abi: Abi, type: AbiType | null, untrustedBytes: Uint8Array): unknown {
  return decodeAll(abi, untrustedBytes, "result", (decoder) => {
    if (type === null) return decoder.nothing();
    return decoder.value(type, 0);
  });
}

/** The fields of an event or error by name. @throws {@link HermeticError} `ABI_MISMATCH`. */
export function decodeFields(
  abi: Abi,
  fields: readonly AbiField[],
  untrustedBytes: Uint8Array,
  path: string,
): Readonly<Record<string, unknown>> {
  return decodeAll(abi, untrustedBytes, path, (decoder) => decoder.fields(fields, 0));
}

function decodeAll<T>(
  abi: Abi,
  untrustedBytes: Uint8Array,
  root: string,
  read: (decoder: Decoder) => T,
): T {
  const decoder = new Decoder(abi, untrustedBytes, root);
  try {
    const value = read(decoder);
    decoder.end();
    return value;
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw clientError("ABI_MISMATCH", `${decoder.path.join("")} ${error.message}`);
  }
}

class Decoder {
  /** Where we are: the parts of a path such as `result.bids[3].amount`. */
  readonly path: string[];
  readonly #abi: Abi;
  readonly #reader: Reader;

  constructor(abi: Abi, untrustedBytes: Uint8Array, root: string) {
    this.#abi = abi;
    this.#reader = new Reader(untrustedBytes);
    this.path = [root];
  }

  end(): void {
    this.#reader.end();
  }

  nothing(): undefined {
    if (!this.#reader.nil()) throw new Mismatch("is a value where none is expected");
  }

  fields(fields: readonly AbiField[], depth: number): Readonly<Record<string, unknown>> {
    const count = this.#reader.array();
    if (count !== fields.length) {
      throw new Mismatch(`has ${count} fields where ${fields.length} are expected`);
    }
    // fromEntries defines own properties, so a field named __proto__ is only a field.
    return Object.fromEntries(
      fields.map(({ name, type }) => [name, this.#inside(`.${name}`, type, depth)]),
    );
  }

  #inside(part: string, type: AbiType, depth: number): unknown {
    this.path.push(part);
    const value = this.value(type, depth + 1);
    this.path.pop();
    return value;
  }

  value(type: AbiType, depth: number): unknown {
    if (depth > DECODE_DEPTH_MAX) throw new Mismatch("is nested too deeply");
    if (typeof type === "string") return this.#scalar(type);
    if ("option" in type) return this.#reader.nil() ? null : this.value(type.option, depth);
    if ("list" in type) {
      const count = this.#reader.array();
      const items: unknown[] = [];
      for (let i = 0; i < count; i++) items.push(this.#inside(`[${i}]`, type.list, depth));
      return items;
    }
    return this.fields(dataOf(this.#abi, type.data).fields, depth);
  }

  #scalar(type: AbiScalar): unknown {
    if (isIntegerName(type)) {
      const { bits } = integerTypes[type];
      if (bits > 64) return BigInt(`0x${toHex(this.#fixed(bits / 8))}`);
      const value = this.#reader.integer();
      if (value > largest(integerTypes[type]) || value < smallest(integerTypes[type])) {
        throw new Mismatch(`is outside ${type}`);
      }
      return bits === 64 ? value : Number(value);
    }
    switch (type) {
      case "bool":
        return this.#reader.boolean();
      case "f32":
        return this.#reader.float32();
      case "f64":
        return this.#reader.float64();
      case "string":
        return this.#reader.text();
      case "bytes":
        return this.#reader.bytes();
      case "account":
        return toHex(this.#fixed(ACCOUNT_BYTES));
    }
  }

  #fixed(length: number): Uint8Array {
    const bytes = this.#reader.bytes();
    if (bytes.length !== length) throw new Mismatch(`has ${bytes.length} bytes, not ${length}`);
    return bytes;
  }
}
