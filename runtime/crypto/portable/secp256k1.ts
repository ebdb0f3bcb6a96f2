/**
 * ECDSA on secp256k1, by @noble: OpenSSL has the curve, but Node hands it no digests.
 *
 * @module
 */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { concat } from "#protocol/bytes.ts";
import { attempt } from "#crypto/attempt.ts";
import type { DigestSigner } from "#crypto/enclave-primitives.ts";

const COMPACT_BYTES = 64;
const RECOVERABLE_BYTES = 65;
/** Ethereum's recovery byte of an even point; an odd one has the next number. */
const RECOVERY_BASE = 27;

/** noble has the recovery bit in front. Two of its four values name points that no signer meets. */
function nobleForm(untrustedSignature: Uint8Array): Uint8Array | undefined {
  const bit = (untrustedSignature[COMPACT_BYTES] ?? 0) - RECOVERY_BASE;
  if (untrustedSignature.length !== RECOVERABLE_BYTES || (bit !== 0 && bit !== 1)) return undefined;
  return concat([Uint8Array.of(bit), untrustedSignature.subarray(0, COMPACT_BYTES)]);
}

export function secp256k1Signer(seed: Uint8Array): DigestSigner {
  const secret = secp256k1.utils.randomSecretKey(seed);
  return {
    // Signing does not need it, and it costs as much.
    get publicKey() {
      return secp256k1.getPublicKey(secret, false);
    },
    sign: (digest) => {
      const made = secp256k1.sign(digest, secret, { prehash: false, format: "recovered" });
      return concat([made.subarray(1), Uint8Array.of(RECOVERY_BASE + (made[0] as number))]);
    },
  };
}

export function secp256k1Verify(
  untrustedPublicKey: Uint8Array,
  digest: Uint8Array,
  untrustedSignature: Uint8Array,
): boolean {
  const options = { prehash: false, lowS: true } as const;
  const verified = attempt(() => {
    if (untrustedSignature.length === COMPACT_BYTES) {
      return secp256k1.verify(untrustedSignature, digest, untrustedPublicKey, options);
    }
    const recoverable = nobleForm(untrustedSignature);
    if (recoverable === undefined) return false;
    const format = "recovered";
    return secp256k1.verify(recoverable, digest, untrustedPublicKey, { ...options, format });
  });
  return verified ?? false;
}

export function secp256k1Recover(
  digest: Uint8Array,
  untrustedSignature: Uint8Array,
): Uint8Array | undefined {
  const recoverable = nobleForm(untrustedSignature);
  if (recoverable === undefined) return undefined;
  return attempt(() => {
    const signature = secp256k1.Signature.fromBytes(recoverable, "recovered");
    if (signature.hasHighS()) return undefined;
    return signature.recoverPublicKey(digest).toBytes(false);
  });
}
