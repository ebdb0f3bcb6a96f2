/**
 * Shares and fees with wide integers, by BigInt.
 *
 * Masks stand for `BigInt.asUintN`, which gives negative numbers in the QuickJS that runs this.
 *
 * @module
 */
const RATE = 0x9e3779b97f4a7c15n;
const POOL = 2n ** 96n - 1n;
const U64 = 2n ** 64n - 1n;
const U256 = 2n ** 256n - 1n;

export function run(rounds: number): number {
  let pool = 1_000_000_007n;
  let total = 1n;
  for (let round = 0; round < rounds; round++) {
    const amount = BigInt(round) + 12345n;
    pool = ((pool + amount) * RATE) & POOL;
    const fee = (pool >> 7n) + amount;
    if (fee > amount) pool = pool - (amount >> 1n);
    total = (total * fee + pool) & U256;
    if (total < pool) total += 1n;
  }
  let check = 0;
  for (const wide of [total, pool & U64]) {
    for (let word = wide; word > 0n; word >>= 32n) check ^= Number(word & 0xffffffffn);
  }
  return check >>> 0;
}
