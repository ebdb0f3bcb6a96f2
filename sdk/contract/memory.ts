/**
 * The canonical ABI in contract memory: how values come from the host and go to it.
 *
 * Blocks that the host asks for are managed `ArrayBuffer`s, so a string or byte array that arrives
 * is adopted where it lies instead of being copied. Nothing is ever freed: an instance lives for
 * one call.
 *
 * @module
 */
import { OBJECT, TOTAL_OVERHEAD } from "rt/common";

/** Where host functions leave their results: at most a tag, a pointer and a length. */
export const RESULT: usize = memory.data(12, 4);
/** Where exported functions leave theirs. */
const RETURN: usize = memory.data(8, 4);

/** Room for what the host hands over to be read and forgotten. */
const SCRATCH_BYTES: usize = 64 * 1024;
let scratch: usize = 0;
/** Where the host's next block goes; 0 while it goes to the heap. */
let scratchAt: usize = 0;
let scratchEnd: usize = 0;

/**
 * Lets the host's blocks go where those of the last time were, until {@link closeScratch}; what does not
 * fit goes to the heap. None of them may be adopted by {@link liftBytes} or {@link liftString}.
 */
export function openScratch(): void {
  if (scratch == 0) scratch = __new(SCRATCH_BYTES, idof<ArrayBuffer>());
  scratchAt = scratch;
  scratchEnd = scratch + SCRATCH_BYTES;
}

export function closeScratch(): void {
  scratchAt = 0;
}

/** Allocates for the host. Blocks are 16-byte aligned, which covers every `alignment` of the ABI. */
export function cabi_realloc(
  oldPointer: usize,
  oldSize: usize,
  alignment: u32,
  newSize: usize,
): usize {
  if (newSize == 0) return alignment;
  if (scratchAt != 0 && oldSize == 0 && newSize <= scratchEnd - scratchAt) {
    const pointer = scratchAt;
    scratchAt = (pointer + newSize + 7) & ~7;
    return pointer;
  }
  if (oldSize == 0) return __new(newSize, idof<ArrayBuffer>());
  return __renew(oldPointer, newSize);
}

/** Adopts a string that the host has written; `length` in UTF-16 code units. */
export function liftString(pointer: usize, length: u32): string {
  if (length == 0) return "";
  const header = changetype<OBJECT>(pointer - TOTAL_OVERHEAD);
  header.rtId = idof<String>();
  header.rtSize = length << 1;
  return changetype<string>(pointer);
}

/** Adopts bytes that the host has written. */
export function liftBytes(pointer: usize, length: u32): Uint8Array {
  if (length == 0) return new Uint8Array(0);
  return Uint8Array.wrap(changetype<ArrayBuffer>(pointer), 0, length);
}

/** The bytes whose pointer and length lie in {@link RESULT}. */
export function resultBytes(): Uint8Array {
  return liftBytes(load<usize>(RESULT), load<u32>(RESULT, 4));
}

/** The bytes of an option in {@link RESULT}, or null. */
export function optionBytes(): Uint8Array | null {
  if (load<u8>(RESULT) == 0) return null;
  return liftBytes(load<usize>(RESULT, 4), load<u32>(RESULT, 8));
}

/** Hands a region to the host as the result of an exported function. */
export function returnRegion(pointer: usize, length: u32): usize {
  store<usize>(RETURN, pointer);
  store<u32>(RETURN, length, 4);
  return RETURN;
}
