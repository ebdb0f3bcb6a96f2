/**
 * How often a contract asks: as many requests in a minute as the grant says, in each enclave.
 *
 * This protects the servers that contracts ask. Time is a power whose steps the operator may set: it cannot
 * make a contract ask more than the contract itself wants to.
 *
 * @module
 */
import type { HttpGrant } from "#protocol/http-grant.ts";

const MINUTE_MS = 60_000;
/** Buckets after which those that are full again are dropped. */
const BUCKETS_MAX = 1_024;

interface Bucket {
  readonly perMinute: number;
  /** Requests that may come, times {@link MINUTE_MS}: whole numbers as long as time is. */
  left: number;
  atMs: number;
}

export class Rates {
  readonly #nowMs: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param nowMs - Milliseconds since any moment. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Counts a request. @returns False if it comes too soon. */
  take(contract: string, { origin, methods, perMinute }: HttpGrant): boolean {
    const name = `${contract} ${origin} ${methods.join()} ${perMinute}`;
    const bucket = this.#buckets.get(name) ?? this.#add(name, perMinute);
    this.#fill(bucket);
    if (bucket.left < MINUTE_MS) return false;
    bucket.left -= MINUTE_MS;
    return true;
  }

  #fill(bucket: Bucket): void {
    const nowMs = this.#nowMs();
    const gained = Math.max(0, nowMs - bucket.atMs) * bucket.perMinute;
    bucket.left = Math.min(bucket.perMinute * MINUTE_MS, bucket.left + gained);
    bucket.atMs = nowMs;
  }

  #add(name: string, perMinute: number): Bucket {
    if (this.#buckets.size >= BUCKETS_MAX) this.#forgetFull();
    const bucket = { perMinute, left: perMinute * MINUTE_MS, atMs: this.#nowMs() };
    this.#buckets.set(name, bucket);
    return bucket;
  }

  #forgetFull(): void {
    for (const [name, bucket] of this.#buckets) {
      this.#fill(bucket);
      if (bucket.left >= bucket.perMinute * MINUTE_MS) this.#buckets.delete(name);
    }
  }
}
