/** Xorshift: the same numbers on every machine. */
export class Random {
  constructor(private seed: u32) {}

  next(): u32 {
    let x = this.seed;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    this.seed = x;
    return x;
  }
}
