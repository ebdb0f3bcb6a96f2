/**
 * Admission control: how many requests and bytes may be under way, and whose turn it is.
 *
 * Below half of the limit anybody may take what there is. Above it, no address may hold more than its
 * equal share, counted with one more that has yet to come: a flood cannot keep the others out.
 *
 * @module
 */

export interface ShareLimits {
  /** Requests under way, from the first byte of the body to the answer. */
  readonly requests: number;
  /** Bytes of their bodies. */
  readonly bytes: number;
}

export const defaultShareLimits: ShareLimits = { requests: 4096, bytes: 256 * 1024 * 1024 };

export class FairShare {
  readonly #limits: ShareLimits;
  readonly #held = new Map<string, number>();
  #requests = 0;
  #bytes = 0;

  constructor(limits: ShareLimits = defaultShareLimits) {
    this.#limits = limits;
  }

  get requests(): number {
    return this.#requests;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Asks to begin a request; {@link leave} must follow if it may. */
  enter(address: string): boolean {
    const { requests, bytes } = this.#limits;
    if (this.#requests >= requests || this.#bytes >= bytes) return false;
    const held = this.#held.get(address) ?? 0;
    if (this.#requests >= requests / 2 && held >= requests / (this.#held.size + 1)) return false;
    this.#held.set(address, held + 1);
    this.#requests++;
    return true;
  }

  /** Asks to hold more of a body. @returns False when all bodies together would be too much. */
  hold(bytes: number): boolean {
    if (this.#bytes + bytes > this.#limits.bytes) return false;
    this.#bytes += bytes;
    return true;
  }

  leave(address: string, heldBytes: number): void {
    this.#bytes -= heldBytes;
    this.#requests--;
    const held = (this.#held.get(address) ?? 1) - 1;
    if (held === 0) this.#held.delete(address);
    else this.#held.set(address, held);
  }
}
