/**
 * What contracts may compute beyond the primitives that the protocol itself needs.
 *
 * Kept apart so that no client carries it. Signatures are strict: whatever could be written in a second
 * way is refused, so that nobody but the signer makes another signature of one that is known.
 *
 * @module
 */
import type { Primitives } from "#crypto/primitives.ts";

/** A secp256k1 key that signs digests. */
export interface DigestSigner {
  /** SEC 1 uncompressed, 65 bytes. */
  readonly publicKey: Uint8Array;
  /** @param digest - 32 bytes. @returns `r`, `s` and the recovery byte 27 or 28: 65 bytes. */
  sign(digest: Uint8Array): Uint8Array;
}

export interface EnclavePrimitives extends Primitives {
  /** Keccak-256 as Ethereum uses it: the padding of the submission, not that of SHA-3. */
  keccak256(message: Uint8Array): Uint8Array;
  /**
   * BLAKE2b (RFC 7693).
   *
   * @param length - Bytes of the result, 1 to 64.
   * @param key - At most 64 bytes; none for the plain hash.
   */
  blake2b(message: Uint8Array, length: number, key: Uint8Array): Uint8Array;
  /** @param seed - 48 unpredictable bytes, reduced to a key (FIPS 186-5 §A.2.1). */
  secp256k1Signer(seed: Uint8Array): DigestSigner;
  /**
   * ECDSA on secp256k1 (SEC 1 §4.1.4) with `s` in the lower half of the order.
   *
   * @param untrustedPublicKey - SEC 1, 33 or 65 bytes.
   * @param digest - 32 bytes.
   * @param untrustedSignature - `r` and `s`, 64 bytes, or 65 with a recovery byte that must fit too.
   * @returns False for whatever is malformed.
   */
  secp256k1Verify(
    untrustedPublicKey: Uint8Array,
    digest: Uint8Array,
    untrustedSignature: Uint8Array,
  ): boolean;
  /**
   * The public key that made a signature (SEC 1 §4.1.6).
   *
   * @param untrustedSignature - `r`, `s` in the lower half, and 27 or 28: 65 bytes.
   * @returns SEC 1 uncompressed, 65 bytes, or nothing if there is none.
   */
  secp256k1Recover(digest: Uint8Array, untrustedSignature: Uint8Array): Uint8Array | undefined;
  /** Schnorr signatures of Substrate (schnorrkel, signing context `substrate`); false when malformed. */
  sr25519Verify(
    untrustedPublicKey: Uint8Array,
    message: Uint8Array,
    untrustedSignature: Uint8Array,
  ): boolean;
  /**
   * AES-256-GCM-SIV (RFC 8452): a nonce used twice tells that two messages are equal, and nothing else.
   *
   * @param key - 32 bytes.
   * @param nonce - 12 bytes.
   * @returns Ciphertext and its 16-byte tag.
   */
  aesGcmSivSeal(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
  ): Uint8Array;
  /** @returns The plaintext, or nothing when the tag does not match. */
  aesGcmSivOpen(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    untrustedSealed: Uint8Array,
  ): Uint8Array | undefined;
}
