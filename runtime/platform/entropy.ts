/**
 * Entropy from the operating system, drawn in blocks: asking it for 12 bytes costs as much as for 4,096.
 *
 * Bytes are handed out once and wiped from the block as they leave it.
 *
 * @module
 */
import { randomFillSync } from "node:crypto";
import type { Entropy } from "#crypto/primitives.ts";

const BLOCK_BYTES = 4096;

export function createEntropy(): Entropy {
  const block = new Uint8Array(BLOCK_BYTES);
  let used = BLOCK_BYTES;
  return (length) => {
    if (length > BLOCK_BYTES) return randomFillSync(new Uint8Array(length));
    if (used + length > BLOCK_BYTES) {
      randomFillSync(block);
      used = 0;
    }
    const bytes = block.slice(used, used + length);
    block.fill(0, used, used + length);
    used += length;
    return bytes;
  };
}
