/**
 * The integer types of the ABI: width, sign and range.
 *
 * @module
 */

export interface IntegerType {
  readonly bits: number;
  readonly signed: boolean;
}

/** Up to 64 bits they are MessagePack integers, beyond that fixed big-endian bytes. */
export const integerTypes = {
  u8: { bits: 8, signed: false },
  u16: { bits: 16, signed: false },
  u32: { bits: 32, signed: false },
  u64: { bits: 64, signed: false },
  u128: { bits: 128, signed: false },
  u256: { bits: 256, signed: false },
  i8: { bits: 8, signed: true },
  i16: { bits: 16, signed: true },
  i32: { bits: 32, signed: true },
  i64: { bits: 64, signed: true },
} as const satisfies Record<string, IntegerType>;

export type IntegerName = keyof typeof integerTypes;

export function isIntegerName(name: string): name is IntegerName {
  return Object.hasOwn(integerTypes, name);
}

export function smallest({ bits, signed }: IntegerType): bigint {
  return signed ? -(1n << BigInt(bits - 1)) : 0n;
}

export function largest({ bits, signed }: IntegerType): bigint {
  return (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
}
