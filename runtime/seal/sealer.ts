/**
 * Sealing of blobs that leave the enclave and come back: the only file that picks their nonces.
 *
 * Each boot seals under a key of its own, derived from a fresh salt that stands in the blob. A data
 * directory that is rolled back or cloned therefore never makes two blobs share key and nonce.
 *
 * @module
 */
import { concat, toHex } from "#protocol/bytes.ts";
import { Fault, type Facts } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";
import { deriveKey } from "#crypto/hkdf.ts";
import { labels } from "#crypto/labels.ts";
import type { Entropy, Primitives } from "#crypto/primitives.ts";

/** Goes up with every change of what is sealed or how. */
export const SEAL_VERSION = 1;

const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + SALT_BYTES + NONCE_BYTES;
/** Keys of earlier boots kept at hand; more boots than that only cost a derivation each. */
const OPENING_KEYS_MAX = 64;

export class Sealer {
  readonly #primitives: Primitives;
  readonly #entropy: Entropy;
  readonly #secret: Uint8Array;
  readonly #salt: Uint8Array;
  readonly #sealingKey: Uint8Array;
  readonly #openingKeys = new Map<string, Uint8Array>();

  /** @param secret - 32 bytes, used for nothing else. */
  constructor(primitives: Primitives, entropy: Entropy, secret: Uint8Array) {
    this.#primitives = primitives;
    this.#entropy = entropy;
    this.#secret = secret;
    this.#salt = entropy(SALT_BYTES);
    this.#sealingKey = this.#keyOf(this.#salt);
  }

  #keyOf(salt: Uint8Array): Uint8Array {
    const name = toHex(salt);
    let key = this.#openingKeys.get(name);
    if (key === undefined) {
      key = deriveKey(this.#primitives, this.#secret, labels.blobKey, salt);
      if (this.#openingKeys.size >= OPENING_KEYS_MAX) this.#openingKeys.clear();
      this.#openingKeys.set(name, key);
    }
    return key;
  }

  /** @param aad - What the blob is and where it belongs; it opens nowhere else. */
  seal(aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
    // Random 96-bit nonces under one boot's key: at most 2^32 blobs (SP 800-38D §8.3).
    const nonce = this.#entropy(NONCE_BYTES);
    const body = this.#primitives.aesGcmSeal(this.#sealingKey, nonce, aad, plaintext);
    return concat([Uint8Array.of(SEAL_VERSION), this.#salt, nonce, body]);
  }

  /**
   * Opens a blob that the operator kept for us.
   *
   * @throws {@link Fault} `SEAL_VERSION` if it was sealed in another format.
   * @throws {@link Fault} `code` if it was changed, cut, or belongs elsewhere.
   */
  open(aad: Uint8Array, sealed: Uint8Array, code: FaultCode, facts: Facts = {}): Uint8Array {
    if (sealed.length < HEADER_BYTES + TAG_BYTES) throw new Fault(code, facts);
    const version = sealed[0] as number; // the length is checked above
    if (version !== SEAL_VERSION) throw new Fault("SEAL_VERSION", { ...facts, version });
    const key = this.#keyOf(sealed.slice(1, 1 + SALT_BYTES));
    const nonce = sealed.subarray(1 + SALT_BYTES, HEADER_BYTES);
    const body = sealed.subarray(HEADER_BYTES);
    const plaintext = this.#primitives.aesGcmOpen(key, nonce, aad, body);
    if (plaintext === undefined) throw new Fault(code, facts);
    return plaintext;
  }
}
