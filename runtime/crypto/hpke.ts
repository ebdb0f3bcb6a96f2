/**
 * HPKE base mode (RFC 9180): X25519, HKDF-SHA256, AES-256-GCM; one message and one exported secret.
 *
 * @module
 */
import { concat, utf8 } from "#protocol/bytes.ts";
import { hkdfExpand, hkdfExtract } from "#crypto/hkdf.ts";
import type { Entropy, Primitives } from "#crypto/primitives.ts";

const VERSION = utf8("HPKE-v1");
/** "KEM" and the id of DHKEM(X25519, HKDF-SHA256), RFC 9180 §7.1. */
const KEM_SUITE = concat([utf8("KEM"), Uint8Array.of(0x00, 0x20)]);
/** "HPKE", KEM 0x0020, KDF 0x0001, AEAD 0x0002, RFC 9180 §5.1. */
const HPKE_SUITE = concat([utf8("HPKE"), Uint8Array.of(0, 0x20, 0, 0x01, 0, 0x02)]);
const MODE_BASE = Uint8Array.of(0);
const NOTHING = new Uint8Array(0);
export const ENCAPSULATED_BYTES = 32;

/** One side of an encrypted exchange after its key schedule. */
export interface HpkeContext {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  /** Secret both sides can export (RFC 9180 §5.3). @param length - At most 255 × 32 bytes. */
  exportSecret(label: string, length: number): Uint8Array;
}

/** LabeledExtract, RFC 9180 §4. */
function extract(
  primitives: Primitives,
  suite: Uint8Array,
  salt: Uint8Array,
  label: string,
  key: Uint8Array,
): Uint8Array {
  return hkdfExtract(primitives, salt, concat([VERSION, suite, utf8(label), key]));
}

/** LabeledExpand, RFC 9180 §4. */
function expand(
  primitives: Primitives,
  suite: Uint8Array,
  key: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const prefix = Uint8Array.of(length >> 8, length & 0xff);
  const labelled = concat([prefix, VERSION, suite, utf8(label), info]);
  return hkdfExpand(primitives, key, labelled, length);
}

/** ExtractAndExpand of the KEM, then KeySchedule of mode base; RFC 9180 §4.1 and §5.1. */
function schedule(
  primitives: Primitives,
  shared: Uint8Array,
  encapsulated: Uint8Array,
  recipient: Uint8Array,
  info: Uint8Array,
): HpkeContext {
  const kemContext = concat([encapsulated, recipient]);
  const prk = extract(primitives, KEM_SUITE, NOTHING, "eae_prk", shared);
  const secretOfKem = expand(primitives, KEM_SUITE, prk, "shared_secret", kemContext, 32);
  const context = concat([
    MODE_BASE,
    extract(primitives, HPKE_SUITE, NOTHING, "psk_id_hash", NOTHING),
    extract(primitives, HPKE_SUITE, NOTHING, "info_hash", info),
  ]);
  const secret = extract(primitives, HPKE_SUITE, secretOfKem, "secret", NOTHING);
  const exporter = expand(primitives, HPKE_SUITE, secret, "exp", context, 32);
  return {
    key: expand(primitives, HPKE_SUITE, secret, "key", context, 32),
    nonce: expand(primitives, HPKE_SUITE, secret, "base_nonce", context, 12),
    exportSecret: (label, length) =>
      expand(primitives, HPKE_SUITE, exporter, "sec", utf8(label), length),
  };
}

/**
 * Sender's side: a fresh key pair towards a recipient.
 *
 * @param recipient - X25519 public key, 32 bytes, already verified to be whom we mean.
 * @returns Nothing when the recipient's key is of low order.
 */
export function hpkeSend(
  primitives: Primitives,
  entropy: Entropy,
  recipient: Uint8Array,
  info: Uint8Array,
): { readonly encapsulated: Uint8Array; readonly context: HpkeContext } | undefined {
  const secret = entropy(32);
  const encapsulated = primitives.x25519PublicKey(secret);
  const shared = primitives.x25519(secret, recipient);
  secret.fill(0);
  if (shared === undefined) return undefined;
  const context = schedule(primitives, shared, encapsulated, recipient, info);
  return { encapsulated, context };
}

/**
 * Recipient's side.
 *
 * @param secret - X25519 secret key, 32 bytes.
 * @param untrustedEncapsulated - 32 bytes from the sender.
 * @returns Nothing when the sender's point is of low order.
 */
export function hpkeReceive(
  primitives: Primitives,
  secret: Uint8Array,
  untrustedEncapsulated: Uint8Array,
  info: Uint8Array,
): HpkeContext | undefined {
  const shared = primitives.x25519(secret, untrustedEncapsulated);
  if (shared === undefined) return undefined;
  const recipient = primitives.x25519PublicKey(secret);
  return schedule(primitives, shared, untrustedEncapsulated, recipient, info);
}
