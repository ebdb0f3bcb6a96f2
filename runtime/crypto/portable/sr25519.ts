/**
 * Verifies signatures of Substrate accounts, by @scure: OpenSSL has no ristretto255.
 *
 * @module
 */
import { verify } from "@scure/sr25519";
import { attempt } from "#crypto/attempt.ts";

/**
 * schnorrkel over ristretto255 with the signing context `substrate`.
 *
 * Encodings are canonical by construction (RFC 9496 §4.3.1), the scalar is below the order, the marker bit
 * is set, and the key is not the identity: there is one way to write a signature.
 */
export function sr25519Verify(
  untrustedPublicKey: Uint8Array,
  message: Uint8Array,
  untrustedSignature: Uint8Array,
): boolean {
  return attempt(() => verify(message, untrustedSignature, untrustedPublicKey)) ?? false;
}
