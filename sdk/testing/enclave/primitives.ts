/**
 * Cryptography in a world: the enclave's own, with each signature verified once at most.
 *
 * The client and the enclave live in one process, so what the enclave's signer has just made need not be
 * verified by the same library, and what was verified once stays so: every query at one height is
 * answered under the same signature. All of it is remembered by key, message and signature; nothing
 * passes that would not anyway.
 *
 * @module
 */
import { nodePrimitives } from "#platform/primitives.ts";
import type { EnclavePrimitives } from "#crypto/enclave-primitives.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { concat, toHex } from "#protocol/bytes.ts";

const REMEMBERED_MAX = 1000;

export class WorldPrimitives {
  readonly #verified = new Map<string, boolean>();

  /** For the enclave: what it signs is remembered as valid. */
  readonly enclave: EnclavePrimitives = {
    ...nodePrimitives,
    ed25519Signer: (seed) => {
      const { publicKey, sign } = nodePrimitives.ed25519Signer(seed);
      return {
        publicKey,
        sign: (message) => {
          const signature = sign(message);
          this.#remember(question(publicKey, message, signature), true);
          return signature;
        },
      };
    },
  };

  /** For clients. */
  readonly client: Primitives = {
    ...nodePrimitives,
    ed25519Verify: (key, message, signature) => {
      const asked = question(key, message, signature);
      const known = this.#verified.get(asked);
      if (known !== undefined) return known;
      const isValid = nodePrimitives.ed25519Verify(key, message, signature);
      this.#remember(asked, isValid);
      return isValid;
    },
  };

  #remember(asked: string, isValid: boolean): void {
    if (this.#verified.size >= REMEMBERED_MAX) this.#verified.clear();
    this.#verified.set(asked, isValid);
  }
}

/** Key and signature have fixed lengths, so no two questions are written alike. */
function question(key: Uint8Array, message: Uint8Array, signature: Uint8Array): string {
  return toHex(nodePrimitives.sha256(concat([key, signature, message])));
}
