/**
 * Entropy of a world: unpredictable as on a worker, or drawn from a seed so that a test repeats.
 *
 * @module
 */
import { createCipheriv, randomFillSync } from "node:crypto";
import type { Entropy } from "#crypto/primitives.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { framed, utf8 } from "#protocol/bytes.ts";

/** What a world draws from; the same text or number gives the same world. */
export type Seed = string | number;

const IV_BYTES = 16;

export const randomBytes: Entropy = (length) => randomFillSync(new Uint8Array(length));

/**
 * A stream that is the same for the same seed: AES-256 in counter mode, one counter for each draw.
 *
 * @param user - Who draws from it: each has a stream of its own, so that one that draws more does not
 *   change what the other gets.
 */
export function entropyOf(seed: Seed | undefined, user: "client" | "enclave"): Entropy {
  if (seed === undefined) return randomBytes;
  const text = `${typeof seed} ${seed}`;
  const key = nodePrimitives.sha256(framed("hermetic/testing/entropy", utf8(user), utf8(text)));
  let draws = 0n;
  return (length) => {
    const iv = Buffer.alloc(IV_BYTES);
    iv.writeBigUInt64BE(draws++);
    return new Uint8Array(createCipheriv("aes-256-ctr", key, iv).update(Buffer.alloc(length)));
  };
}
