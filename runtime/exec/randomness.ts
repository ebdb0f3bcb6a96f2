/**
 * Randomness for contracts.
 *
 * In a command it must be the same on every worker, unknown to the client, and new for each request:
 * it is derived from the contract's secret and the request. In a query it is fresh entropy.
 *
 * @module
 */
import { framed, u32 } from "#protocol/bytes.ts";
import { deriveKey, hkdfExpand } from "#crypto/hkdf.ts";
import { labels } from "#crypto/labels.ts";
import type { Primitives } from "#crypto/primitives.ts";

export type Random = (length: number) => Uint8Array;

/** The randomness of one command, by contract: each has its own. */
export function commandRandoms(
  primitives: Primitives,
  secrets: { readonly contractSecret: (address: Uint8Array) => Uint8Array },
  requestId: Uint8Array,
): (address: Uint8Array) => Random {
  return (address) => commandRandom(primitives, () => secrets.contractSecret(address), requestId);
}

/**
 * The randomness of one command. Nothing is derived before the contract asks.
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
  let draws = 0;
  return (length) => {
    seed ??= deriveKey(primitives, contractSecret(), labels.commandRandom, requestId);
    const info = framed(labels.commandRandom, u32(draws++));
    return hkdfExpand(primitives, seed, info, length);
  };
}
