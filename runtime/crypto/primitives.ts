/**
 * The cryptographic primitives, as a power that is passed in.
 *
 * One interface, two implementations: `portable/` on @noble for browsers and as a cross-check,
 * `runtime/platform` on the enclave's OpenSSL. Everything above is written once.
 *
 * @module
 */

/** An Ed25519 key that can sign (RFC 8032). */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** @returns 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

export interface Primitives {
  /** SHA-256 (FIPS 180-4). */
  sha256(message: Uint8Array): Uint8Array;
  /** HMAC-SHA-256 (RFC 2104). */
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array;
  /**
   * AES-256-GCM (NIST SP 800-38D).
   *
   * @param key - 32 bytes.
   * @param nonce - 12 bytes, never used twice with one key.
   * @returns Ciphertext and its 16-byte tag.
   */
  aesGcmSeal(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
  ): Uint8Array;
  /** @returns The plaintext, or nothing when the tag does not match. */
  aesGcmOpen(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    untrustedSealed: Uint8Array,
  ): Uint8Array | undefined;
  /** Public key of an X25519 secret (RFC 7748), 32 bytes each. */
  x25519PublicKey(secret: Uint8Array): Uint8Array;
  /**
   * X25519 shared secret.
   *
   * @returns 32 bytes, or nothing when the peer's point is of low order (RFC 7748 §6.1).
   */
  x25519(secret: Uint8Array, untrustedPublicKey: Uint8Array): Uint8Array | undefined;
  /** @param seed - 32 bytes. */
  ed25519Signer(seed: Uint8Array): Signer;
  /** Whether a signature is valid; false for keys and signatures of any malformed kind. */
  ed25519Verify(
    untrustedPublicKey: Uint8Array,
    message: Uint8Array,
    untrustedSignature: Uint8Array,
  ): boolean;
}

/** `length` bytes nobody can predict. */
export type Entropy = (length: number) => Uint8Array;
