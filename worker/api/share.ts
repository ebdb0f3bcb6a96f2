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

const defaultShareLimits: ShareLimits = { requests: 4096, bytes: 256 * 1024 * 1024 };

interface Holdings {
  requests: number;
  bytes: number;
}

/** A request's place. It is free again when the request is both answered and gone. */
export interface Place {
  /** Asks to hold more of the body. @returns False when the bodies of all, or of this address, would be too much. */
  hold(bytes: number): boolean;
  /** To be called twice: when nothing works on the request any more, and when its response is closed. */
  release(): void;
}

export class FairShare {
  readonly #limits: ShareLimits;
  /** What each address holds. */
  readonly #held = new Map<string, Holdings>();
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

  /** A place for a request from this address, or nothing when it has to come back later. */
  enter(address: string): Place | undefined {
    const { requests, bytes } = this.#limits;
    if (this.#requests >= requests || this.#bytes >= bytes) return undefined;
    const held = this.#held.get(address) ?? { requests: 0, bytes: 0 };
    const share = requests / (this.#held.size + 1);
    if (this.#requests >= requests / 2 && held.requests >= share) return undefined;
    this.#held.set(address, held);
    held.requests++;
    this.#requests++;
    return this.#place(address, held);
  }

  #place(address: string, held: Holdings): Place {
    let ownBytes = 0;
    let users = 2;
    return {
      hold: (bytes) => {
        const limit = this.#limits.bytes;
        const total = this.#bytes + bytes;
        const share = limit / (this.#held.size + 1);
        if (total > limit || (total > limit / 2 && held.bytes + bytes > share)) return false;
        this.#bytes += bytes;
        held.bytes += bytes;
        ownBytes += bytes;
        return true;
      },
      release: () => {
        users--;
        if (users === 0) this.#leave(address, held, ownBytes);
      },
    };
  }

  #leave(address: string, held: Holdings, bytes: number): void {
    this.#bytes -= bytes;
    held.bytes -= bytes;
    this.#requests--;
    held.requests--;
    if (held.requests === 0) this.#held.delete(address);
  }
}
