/**
 * How many exchanges are open at once: in all, and for each contract.
 *
 * Waiting is first come, first served among contracts below their own limit, so that one contract
 * with slow servers holds up nobody else.
 *
 * @module
 */

export interface Ticket {
  /** Resolves when it is this ticket's turn. */
  readonly ready: Promise<void>;
  /** Gives the turn back, or leaves the queue. Must be called once, whatever happened. */
  release(): void;
}

interface Waiting {
  readonly key: string;
  readonly admit: () => void;
}

export class Gate {
  readonly #totalMax: number;
  readonly #perKeyMax: number;
  readonly #open = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #total = 0;

  constructor(totalMax: number, perKeyMax: number) {
    this.#totalMax = totalMax;
    this.#perKeyMax = perKeyMax;
  }

  /** @param key - Whose exchange it is. */
  enter(key: string): Ticket {
    let admit!: () => void;
    const ready = new Promise<void>((resolve) => {
      admit = resolve;
    });
    const waiting = { key, admit };
    this.#waiting.add(waiting);
    this.#admitNext();
    return { ready, release: () => this.#release(waiting) };
  }

  #release(waiting: Waiting): void {
    if (this.#waiting.delete(waiting)) return;
    const open = (this.#open.get(waiting.key) as number) - 1;
    if (open === 0) this.#open.delete(waiting.key);
    else this.#open.set(waiting.key, open);
    this.#total--;
    this.#admitNext();
  }

  #admitNext(): void {
    for (const waiting of this.#waiting) {
      if (this.#total >= this.#totalMax) return;
      const open = this.#open.get(waiting.key) ?? 0;
      if (open >= this.#perKeyMax) continue;
      this.#waiting.delete(waiting);
      this.#open.set(waiting.key, open + 1);
      this.#total++;
      waiting.admit();
    }
  }
}
