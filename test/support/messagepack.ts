/**
 * A MessagePack encoder from the specification, for contract values: each in its one shortest form.
 *
 * msgpackr writes a positive 64-bit integer in the signed form, which contracts refuse; and a test of
 * a codec wants an encoder that is not the product's.
 *
 * @module
 */

/** A value as its bytes. */
export type Encoded = readonly number[];

export const nil: Encoded = [0xc0];

function bigEndian(value: bigint, bytes: number): number[] {
  const bits = BigInt.asUintN(8 * bytes, value);
  return Array.from({ length: bytes }, (_, index) =>
    Number((bits >> BigInt(8 * (bytes - 1 - index))) & 255n),
  );
}

export function integerBytes(value: bigint): Encoded {
  if (value >= 0n) {
    if (value < 0x80n) return [Number(value)];
    for (const [index, bytes] of [1, 2, 4, 8].entries()) {
      if (value < 1n << BigInt(8 * bytes)) return [0xcc + index, ...bigEndian(value, bytes)];
    }
  }
  if (value >= -0x20n) return bigEndian(value, 1);
  for (const [index, bytes] of [1, 2, 4, 8].entries()) {
    if (value >= -(1n << BigInt(8 * bytes - 1))) return [0xd0 + index, ...bigEndian(value, bytes)];
  }
  throw new RangeError(`${value} needs more than 64 bits`);
}

export function floatBytes(value: number, bytes: 4 | 8): Encoded {
  const view = new DataView(new ArrayBuffer(bytes));
  if (bytes === 4) view.setFloat32(0, value);
  else view.setFloat64(0, value);
  return [bytes === 4 ? 0xca : 0xcb, ...new Uint8Array(view.buffer)];
}

/** A length in the shortest of the forms with 1, 2 and 4 bytes; `tags[0]` may be missing. */
function lengthBytes(length: number, tags: readonly (number | undefined)[]): number[] {
  for (const [index, tag] of tags.entries()) {
    const bytes = 1 << index;
    if (tag !== undefined && length < 2 ** (8 * bytes)) {
      return [tag, ...bigEndian(BigInt(length), bytes)];
    }
  }
  throw new RangeError(`${length} items`);
}

export function arrayOf(items: readonly Encoded[]): Encoded {
  const { length } = items;
  const head = length < 16 ? [0x90 | length] : lengthBytes(length, [undefined, 0xdc, 0xdd]);
  return [...head, ...items.flat()];
}

/** Encodes null, booleans, integers, strings, bytes and arrays of these. */
export function encode(value: unknown): Encoded {
  if (value === null) return nil;
  if (typeof value === "boolean") return [value ? 0xc3 : 0xc2];
  if (typeof value === "number" || typeof value === "bigint") return integerBytes(BigInt(value));
  if (typeof value === "string") {
    const bytes = new TextEncoder().encode(value);
    const { length } = bytes;
    const head = length < 32 ? [0xa0 | length] : lengthBytes(length, [0xd9, 0xda, 0xdb]);
    return [...head, ...bytes];
  }
  if (value instanceof Uint8Array) {
    return [...lengthBytes(value.length, [0xc4, 0xc5, 0xc6]), ...value];
  }
  if (Array.isArray(value)) return arrayOf(value.map(encode));
  throw new TypeError(`no encoding for ${typeof value}`);
}
