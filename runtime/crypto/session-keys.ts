/**
 * Keys of one session: four, so that a query is never a command and a reply never a request.
 *
 * @module
 */
import { concat, framed, u32 } from "#protocol/bytes.ts";
import type { HpkeContext } from "#crypto/hpke.ts";
import { deriveKey } from "#crypto/hkdf.ts";
import { labels } from "#crypto/labels.ts";
import type { Entropy, Primitives } from "#crypto/primitives.ts";
import type { ClusterName } from "#crypto/statements.ts";

export const SESSION_ID_BYTES = 16;
const NONCE_BYTES = 12;

export interface SessionKeys {
  readonly queryRequest: Uint8Array;
  readonly queryReply: Uint8Array;
  readonly commandRequest: Uint8Array;
  readonly commandReply: Uint8Array;
}

/** HPKE `info` of a session: binds it to the cluster and the epoch. */
export function sessionInfo(name: ClusterName): Uint8Array {
  return framed(labels.sessionInfo, name.cluster, u32(name.epoch));
}

/** The 32-byte secret of a session, exported from its HPKE exchange. */
export function sessionSecret(context: HpkeContext): Uint8Array {
  return context.exportSecret(labels.sessionSecret, 32);
}

/** A session is named by the encapsulated key that opened it, so opening twice is seen. */
export function sessionId(primitives: Primitives, encapsulated: Uint8Array): Uint8Array {
  const hash = primitives.sha256(framed(labels.sessionId, encapsulated));
  return hash.slice(0, SESSION_ID_BYTES);
}

export function deriveSessionKeys(primitives: Primitives, secret: Uint8Array): SessionKeys {
  return {
    queryRequest: deriveKey(primitives, secret, labels.queryRequestKey),
    queryReply: deriveKey(primitives, secret, labels.queryReplyKey),
    commandRequest: deriveKey(primitives, secret, labels.commandRequestKey),
    commandReply: deriveKey(primitives, secret, labels.commandReplyKey),
  };
}

/** Seals with a random nonce in front. A key seals fewer than 2^32 messages (SP 800-38D §8.3). */
export function sealMessage(
  primitives: Primitives,
  entropy: Entropy,
  key: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const nonce = entropy(NONCE_BYTES);
  return concat([nonce, primitives.aesGcmSeal(key, nonce, aad, plaintext)]);
}

/** @returns The plaintext, or nothing when anything about the message is wrong. */
export function openMessage(
  primitives: Primitives,
  key: Uint8Array,
  aad: Uint8Array,
  untrustedSealed: Uint8Array,
): Uint8Array | undefined {
  if (untrustedSealed.length < NONCE_BYTES + 16) return undefined;
  const nonce = untrustedSealed.subarray(0, NONCE_BYTES);
  return primitives.aesGcmOpen(key, nonce, aad, untrustedSealed.subarray(NONCE_BYTES));
}

/** AAD of a reply: the request it answers, so that it fits no other. */
export function replyAad(requestId: Uint8Array, session: Uint8Array): Uint8Array {
  return framed(labels.reply, requestId, session);
}
