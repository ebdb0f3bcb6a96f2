/** Three kernels: calls, memory, arithmetic. */
@contract
export class Kernels {
  @query
  fib(n: u32): u32 {
    return fibonacci(n);
  }

  /** Counts the primes below `n`. */
  @query
  sieve(n: u32): u32 {
    const composite = new Uint8Array(n);
    let primes: u32 = 0;
    for (let i: u32 = 2; i < n; i++) {
      if (composite[i]) continue;
      primes++;
      for (let j = i * i; j < n && i < 46341; j += i) composite[j] = 1;
    }
    return primes;
  }

  /** Rounds of a mixing function over 64-bit words. */
  @query
  mix(rounds: u32): u64 {
    let a: u64 = 0x9e3779b97f4a7c15;
    let b: u64 = 0xbf58476d1ce4e5b9;
    for (let i: u32 = 0; i < rounds; i++) {
      a ^= b >> 27;
      b = rotl<u64>(b + a, 13) * 0x94d049bb133111eb;
      a += rotl<u64>(b, 31);
    }
    return a ^ b;
  }
}

function fibonacci(n: u32): u32 {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
