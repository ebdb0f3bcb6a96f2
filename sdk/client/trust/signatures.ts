/**
 * Verifies signatures, and remembers the last good one.
 *
 * An enclave signs its head once per height, so every query at that height carries the same signature;
 * verifying it in JavaScript takes longer than all else of a query.
 *
 * @module
 */
import { concat, equalBytes } from "#protocol/bytes.ts";
import type { Primitives } from "#crypto/primitives.ts";

export class Signatures {
  readonly #primitives: Primitives;
  /** Key, signature and statement; the first two have fixed lengths, so nothing can move between them. */
  #good: Uint8Array | undefined;

  constructor(primitives: Primitives) {
    this.#primitives = primitives;
  }

  /** Whether an Ed25519 signature is valid. @param publicKey - 32 bytes, verified by evidence. */
  verify(publicKey: Uint8Array, statement: Uint8Array, untrustedSignature: Uint8Array): boolean {
    const all = concat([publicKey, untrustedSignature, statement]);
    if (this.#good !== undefined && equalBytes(this.#good, all)) return true;
    if (!this.#primitives.ed25519Verify(publicKey, statement, untrustedSignature)) return false;
    this.#good = all;
    return true;
  }
}
