/**
 * Hashes, signatures, keys of the contract's own and sealing.
 *
 * Everything here may be used in queries as well as in commands: it writes nothing.
 *
 * @module
 */
import { panic } from "./control";
import {
  crypto_blake2b,
  crypto_keccak256,
  crypto_open,
  crypto_recover,
  crypto_seal,
  crypto_sha256,
  crypto_verify,
  keys_derive,
  keys_public_key,
  keys_sign,
} from "./imports";
import { optionBytes, RESULT, resultBytes } from "./memory";

/** Kinds of signatures; the order is that of `crypto.scheme` in the WIT world. */
export enum Scheme {
  /** Any message. Strict: no key of small order, no second encoding. */
  ed25519,
  /** ECDSA over a digest of 32 bytes; `s` in the lower half of the order. */
  secp256k1,
  /** Any message. What Substrate's wallets make; verified only. */
  sr25519,
}

const NO_BYTES: Uint8Array = new Uint8Array(0);

export namespace crypto {
  export function sha256(data: Uint8Array): Uint8Array {
    crypto_sha256(data.dataStart, data.length, RESULT);
    return resultBytes();
  }

  /** As Ethereum uses it, which is not SHA-3. */
  export function keccak256(data: Uint8Array): Uint8Array {
    crypto_keccak256(data.dataStart, data.length, RESULT);
    return resultBytes();
  }

  /**
   * @param length - Bytes of the hash, 1 to 64.
   * @param key - At most 64 bytes: with one, the hash proves that its maker knew it.
   */
  export function blake2b(
    data: Uint8Array,
    length: u32 = 32,
    key: Uint8Array = NO_BYTES,
  ): Uint8Array {
    crypto_blake2b(data.dataStart, data.length, key.dataStart, key.length, length, RESULT);
    return resultBytes();
  }

  /**
   * Whether a signature is valid; false for keys and signatures that are malformed.
   *
   * @param message - For secp256k1 a digest: any other length than 32 bytes fails the call.
   */
  export function verify(
    scheme: Scheme,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): bool {
    return crypto_verify(
      scheme,
      publicKey.dataStart,
      publicKey.length,
      message.dataStart,
      message.length,
      signature.dataStart,
      signature.length,
    );
  }

  /**
   * The secp256k1 key (65 bytes) that signed, or null: Ethereum's `ecrecover`.
   *
   * @param digest - 32 bytes.
   * @param signature - `r`, `s` and 27 or 28: 65 bytes.
   */
  export function recover(digest: Uint8Array, signature: Uint8Array): Uint8Array | null {
    crypto_recover(digest.dataStart, digest.length, signature.dataStart, signature.length, RESULT);
    return optionBytes();
  }

  /** Ethereum's address (20 bytes) of a secp256k1 key, uncompressed as {@link recover} gives it. */
  export function ethereumAddress(publicKey: Uint8Array): Uint8Array {
    if (publicKey.length != 65) panic("an uncompressed key has 65 bytes");
    return keccak256(publicKey.subarray(1)).slice(12);
  }

  /** 32 secret bytes that only this contract can derive: the same for the same label, always. */
  export function deriveKey(label: string): Uint8Array {
    keys_derive(changetype<usize>(label), label.length, RESULT);
    return resultBytes();
  }

  /** The contract's own key for a label: 32 bytes for ed25519, 65 for secp256k1. */
  export function publicKey(scheme: Scheme, label: string): Uint8Array {
    keys_public_key(scheme, changetype<usize>(label), label.length, RESULT);
    return resultBytes();
  }

  /**
   * Signs with the contract's own key: 64 bytes for ed25519; for secp256k1 `r`, `s` and 27 or 28.
   *
   * @param message - For secp256k1 a digest of 32 bytes.
   */
  export function sign(scheme: Scheme, label: string, message: Uint8Array): Uint8Array {
    keys_sign(
      scheme,
      changetype<usize>(label),
      label.length,
      message.dataStart,
      message.length,
      RESULT,
    );
    return resultBytes();
  }

  /**
   * Encrypts, 28 bytes longer than it was; equal messages look different. There is no nonce to choose.
   *
   * @param key - 32 secret bytes, as {@link deriveKey} gives them.
   * @param data - Not encrypted, but {@link open} fails with any other.
   */
  export function seal(
    key: Uint8Array,
    plaintext: Uint8Array,
    data: Uint8Array = NO_BYTES,
  ): Uint8Array {
    crypto_seal(
      key.dataStart,
      key.length,
      data.dataStart,
      data.length,
      plaintext.dataStart,
      plaintext.length,
      RESULT,
    );
    return resultBytes();
  }

  /** What was sealed, or null if key, data or a single bit is another. */
  export function open(
    key: Uint8Array,
    sealed: Uint8Array,
    data: Uint8Array = NO_BYTES,
  ): Uint8Array | null {
    crypto_open(
      key.dataStart,
      key.length,
      data.dataStart,
      data.length,
      sealed.dataStart,
      sealed.length,
      RESULT,
    );
    return optionBytes();
  }
}
