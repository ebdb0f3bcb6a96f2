/**
 * Squares modulo the prime of secp256k1, by BigInt.
 *
 * @module
 */
import { rolling } from "./support/rolling.ts";

const PRIME = 2n ** 256n - 2n ** 32n - 977n;
const WORD = 0xffffffffn;

export function run(rounds: number): number {
  let value = 0n;
  for (let i = 8; i > 0; i--) value = (value << 32n) | BigInt(Math.imul(0x9e3779b9, i) >>> 0);
  for (let round = 0; round < rounds; round++) {
    value = ((value * value) % PRIME) ^ BigInt(round & 0xff);
  }
  let sum = 0;
  for (let i = 0n; i < 256n; i += 32n) sum = rolling(sum, Number((value >> i) & WORD));
  return sum;
}
