/**
 * Leads from a byte offset in the metered module back to the contract's own code.
 *
 * Only stack traces for authors need it, so it is built on request. Metered code is the original
 * in verbatim runs with insertions between them; a run is three numbers.
 *
 * @module
 */

/** Leads from offsets in code that runs to offsets in the code that was uploaded. */
export interface Offsets {
  original(offset: number): number | undefined;
}

export class OffsetMap implements Offsets {
  /** An original offset for what is behind the contract's code. */
  static readonly NONE: number = -1;
  readonly #metered: number[] = [];
  readonly #original: number[] = [];
  readonly #length: number[] = [];

  /** Notes that `length` bytes at `original` were copied to `metered`. Calls come in ascending order. */
  add(metered: number, original: number, length: number): void {
    this.#metered.push(metered);
    this.#original.push(original);
    this.#length.push(length);
  }

  /** Takes over the runs of a map whose metered offsets are relative to `start`. */
  append(other: OffsetMap, start: number): void {
    for (const [index, metered] of other.#metered.entries()) {
      this.add(start + metered, other.#original[index] ?? 0, other.#length[index] ?? 0);
    }
  }

  /**
   * The original offset of the code at `metered`; inserted code belongs to what follows it.
   *
   * @returns Undefined for an offset before the first run or behind the contract's code.
   */
  original(metered: number): number | undefined {
    let low = 0;
    let high = this.#metered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#metered[middle] ?? 0) <= metered) low = middle + 1;
      else high = middle;
    }
    const start = this.#original[low - 1];
    if (start === undefined || start === OffsetMap.NONE) return undefined;
    const into = metered - (this.#metered[low - 1] ?? 0);
    return start + Math.min(into, this.#length[low - 1] ?? 0);
  }
}
