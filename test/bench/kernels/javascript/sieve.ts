/**
 * Counts the primes below a number.
 *
 * @module
 */
export function run(below: number): number {
  const composite = new Uint8Array(below);
  let primes = 0;
  for (let i = 2; i < below; i++) {
    if (composite[i] === 1) continue;
    primes++;
    for (let j = i * i; j < below; j += i) composite[j] = 1;
  }
  return primes;
}
