/**
 * Writes host results where the contract asked for them, in the layout of the canonical ABI.
 *
 * The return area is checked before the contract allocates: a bad pointer costs the host nothing.
 *
 * @module
 */
import type { GuestMemory } from "#host/vm/memory.ts";

/** `list<u8>` or `string`: pointer, length. */
const LIST_BYTES = 8;
/** `option<list<u8>>`: tag, then pointer and length. */
const OPTION_BYTES = 12;
const WORD = 4;

/** Writes a `list<u8>` result. */
export function writeList(memory: GuestMemory, pointer: number, value: Uint8Array): void {
  const area = memory.region(pointer, LIST_BYTES, WORD);
  const address = memory.writeBytes(value);
  memory.setU32(area, address);
  memory.setU32(area + WORD, value.length);
}

/** Writes an `option<list<u8>>` or `option<string>` result. */
export function writeOption(
  memory: GuestMemory,
  pointer: number,
  value: Uint8Array | string | undefined,
): void {
  const area = memory.region(pointer, OPTION_BYTES, WORD);
  if (value === undefined) {
    memory.setU8(area, 0);
    return;
  }
  const address = typeof value === "string" ? memory.writeText(value) : memory.writeBytes(value);
  memory.setU8(area, 1);
  memory.setU32(area + WORD, address);
  memory.setU32(area + 2 * WORD, value.length);
}
