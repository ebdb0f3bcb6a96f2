/**
 * Which Ed25519 signatures are valid, where RFC 8032 leaves a choice: one rule for every engine.
 *
 * Libraries differ on points of small order, on encodings that are not canonical and on the cofactor.
 * Replicas, clients and contracts must not. The rule: `A` and `R` are canonical encodings of points
 * whose order is not small, `S < L`, and `encode(S·B − k·A)` are the very bytes of `R`, with `k` reduced
 * modulo `L` (RFC 8032 §5.1.7 without the cofactor, and what OpenSSL computes). The checks here come
 * first; the equation is the engine's.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Order of the base point, little-endian (RFC 8032 §5.1). */
const ORDER = Uint8Array.fromHex(
  "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
);
/** The field's prime, 2^255 − 19, little-endian. */
const PRIME = Uint8Array.fromHex(
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
);
/** The `y` of every point of order 1, 2, 4 and 8. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
]);

/** Whether key and signature have a form that the equation may be computed for. */
export function isStrictEd25519(
  untrustedPublicKey: Uint8Array,
  untrustedSignature: Uint8Array,
): boolean {
  if (untrustedPublicKey.length !== KEY_BYTES) return false;
  if (untrustedSignature.length !== SIGNATURE_BYTES) return false;
  return (
    isStrictPoint(untrustedPublicKey) &&
    isStrictPoint(untrustedSignature.subarray(0, 32)) &&
    isBelow(untrustedSignature.subarray(32), ORDER)
  );
}

/** A canonical `y` that is not of small order; whether it is on the curve is the engine's to say. */
function isStrictPoint(encoded: Uint8Array): boolean {
  const y = new Uint8Array(encoded);
  y[31] = (y[31] as number) & 0x7f;
  return isBelow(y, PRIME) && !SMALL_ORDER.has(toHex(y));
}

/** Whether one little-endian number of 32 bytes is below another. */
function isBelow(left: Uint8Array, right: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = (left[i] as number) - (right[i] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
