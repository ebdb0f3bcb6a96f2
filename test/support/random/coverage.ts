/**
 * Which instructions random programs ran, and how often.
 *
 * @module
 */

/** Every opcode that admission allows, prefixed ones two bytes wide; written from SPEC.md and not from the decoder. */
export const allowedOpcodes: readonly number[] = [
  ...range(0x00, 0x05),
  ...range(0x0b, 0x11),
  ...[0x1a, 0x1b],
  ...range(0x20, 0x24),
  ...range(0x28, 0xc4),
  ...range(0xfc00, 0xfc0e),
];

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** A fresh count for {@link Limits.executed} of the reference interpreter. */
export function freshCount(): Uint32Array {
  return new Uint32Array(0x1_0000);
}

/** The opcodes that ran fewer than `times`, as hex. */
export function ranLess(executed: Uint32Array, times: number): string[] {
  return allowedOpcodes
    .filter((opcode) => (executed[opcode] ?? 0) < times)
    .map((opcode) => `0x${opcode.toString(16)}`);
}
