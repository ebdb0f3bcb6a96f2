/** Counts the primes below a number. */
@contract
export class Sieve {
  @query
  run(below: u32): u32 {
    const composite = new Uint8Array(below);
    let primes: u32 = 0;
    for (let i: u32 = 2; i < below; i++) {
      if (composite[i]) continue;
      primes++;
      if (i < 46341) for (let j = i * i; j < below; j += i) composite[j] = 1;
    }
    return primes;
  }
}
