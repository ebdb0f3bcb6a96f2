/**
 * The client's cryptography in a world: the enclave's own, with signatures verified once each.
 *
 * Every query at one height is answered under the same signature, and a test asks many. What was
 * verified is remembered by key, message and signature, so nothing passes that would not anyway.
 *
 * @module
 */
import { nodePrimitives } from "#platform/primitives.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { concat, toHex } from "#protocol/bytes.ts";

const REMEMBERED_MAX = 1000;

export function clientPrimitives(): Primitives {
  const verified = new Map<string, boolean>();
  return {
    ...nodePrimitives,
    ed25519Verify: (key, message, signature) => {
      const question = toHex(nodePrimitives.sha256(concat([key, signature, message])));
      const known = verified.get(question);
      if (known !== undefined) return known;
      const isValid = nodePrimitives.ed25519Verify(key, message, signature);
      if (verified.size >= REMEMBERED_MAX) verified.clear();
      verified.set(question, isValid);
      return isValid;
    },
  };
}
