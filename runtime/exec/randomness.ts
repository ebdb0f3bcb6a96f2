/**
 * Randomness for contracts.
 *
 * In a command it must be the same on every worker, unknown to the client, and new for each request:
 * it is derived from the contract's secret, the request and a label. Neither height nor time goes in: whoever
 * orders commands could try other places for one until its draw pleases. What is left to the operator is to drop a
 * command; what is left to a client is to send another. In a query, and in whatever else runs without a place in
 * the log, it is fresh entropy: nothing tells beforehand what a command will draw.
 *
 * @module
 */
import { framed, u32, utf8 } from "#protocol/bytes.ts";
import { deriveKey, hkdfExpand } from "#crypto/hkdf.ts";
import { labels } from "#crypto/labels.ts";
import type { Primitives } from "#crypto/primitives.ts";

/** Draws `length` bytes from the stream of a label. */
export type Random = (length: number, label: string) => Uint8Array;

/** The randomness of one command, by contract: each has its own. */
export function commandRandoms(
  primitives: Primitives,
  secrets: { readonly contractSecret: (address: Uint8Array) => Uint8Array },
  requestId: Uint8Array,
): (address: Uint8Array) => Random {
  return (address) => commandRandom(primitives, () => secrets.contractSecret(address), requestId);
}

/**
 * The randomness of one contract in one command. Nothing is derived before the contract asks.
 *
 * @param contractSecret - Gives the contract's secret, 32 bytes.
 * @param requestId - SHA-256 of the envelope, 32 bytes.
 */
export function commandRandom(
  primitives: Primitives,
  contractSecret: () => Uint8Array,
  requestId: Uint8Array,
): Random {
  let seed: Uint8Array | undefined;
  const draws = new Map<string, number>();
  return (length, label) => {
    seed ??= deriveKey(primitives, contractSecret(), labels.commandRandom, requestId);
    const draw = draws.get(label) ?? 0;
    draws.set(label, draw + 1);
    const info = framed(labels.commandRandom, utf8(label), u32(draw));
    return hkdfExpand(primitives, seed, info, length);
  };
}
