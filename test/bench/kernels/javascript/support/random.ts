/**
 * Xorshift: the same numbers as the contracts draw.
 *
 * @module
 */
export class Random {
  seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  next(): number {
    let x = this.seed;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.seed = x >>> 0;
    return this.seed;
  }
}
