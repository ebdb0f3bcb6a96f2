/** Kernels that differ in what they are made of: calls, memory, branches, words wide and narrow, objects. */
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

  /** Permutations of Keccak-f[1600]. */
  @query
  keccak(rounds: u32): u64 {
    const state = new StaticArray<u64>(25);
    for (let i: u32 = 0; i < rounds; i++) permute(state);
    return state[0];
  }

  /** Sorts `n` words by quicksort. */
  @query
  sort(n: u32): u32 {
    const words = new Uint32Array(n);
    let seed: u32 = 12345;
    for (let i: u32 = 0; i < n; i++) {
      seed ^= seed << 13;
      seed ^= seed >> 17;
      seed ^= seed << 5;
      words[i] = seed;
    }
    quicksort(words, 0, <i32>n - 1);
    return words[n >> 1];
  }

  /** Multiplies two matrices of `n` by `n` doubles. */
  @query
  matmul(n: i32): u32 {
    const a = new Float64Array(n * n);
    const b = new Float64Array(n * n);
    for (let i = 0; i < n * n; i++) {
      a[i] = <f64>(i % 17) * 0.25;
      b[i] = <f64>(i % 13) * 0.5 - 1.0;
    }
    let trace: f64 = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum: f64 = 0;
        for (let k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
        if (i == j) trace += sum;
      }
    }
    return <u32>(<i64>trace);
  }

  /** Writes `n` records as JSON, then scans them for nesting, strings and numbers. */
  @query
  json(n: u32): u64 {
    const parts: string[] = [];
    for (let i: u32 = 0; i < n; i++) {
      parts.push(
        '{"id": ' + i.toString() + ', "tags": ["a", "b\\"c"], "sum": ' + (i * 97).toString() + "}",
      );
    }
    return scan("[" + parts.join(", ") + "]");
  }

  /** Steps of a small register machine. */
  @query
  interpret(steps: u32): u32 {
    return interpretProgram(steps);
  }

  /** Rounds of 128-bit multiplication and addition, by 64-bit words. */
  @query
  wide(rounds: u32): u64 {
    let high: u64 = 1;
    let low: u64 = 0x9e3779b97f4a7c15;
    for (let i: u32 = 0; i < rounds; i++) {
      const a = low & 0xffffffff;
      const b = low >> 32;
      const cross = a * b;
      const square = a * a;
      const sum = square + (cross << 33);
      high = high * low * 2 + b * b + (cross >> 31) + (sum < square ? 1 : 0);
      low = sum + i;
      if (low < i) high++;
    }
    return high ^ low;
  }

  /** Transfers between 256 accounts in maps. */
  @query
  transfer(count: u32): u64 {
    const balances = new Map<u64, u64>();
    for (let i: u64 = 0; i < 256; i++) balances.set(i * 0x9e3779b97f4a7c15, 1_000_000);
    let seed: u32 = 7;
    for (let i: u32 = 0; i < count; i++) {
      seed ^= seed << 13;
      seed ^= seed >> 17;
      seed ^= seed << 5;
      const from = <u64>(seed & 255) * 0x9e3779b97f4a7c15;
      const to = <u64>((seed >> 8) & 255) * 0x9e3779b97f4a7c15;
      const amount: u64 = (seed >> 16) & 1023;
      if (balances.get(from) < amount) continue;
      balances.set(from, balances.get(from) - amount);
      balances.set(to, balances.get(to) + amount);
    }
    return balances.get(0);
  }
}

function fibonacci(n: u32): u32 {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

function permute(s: StaticArray<u64>): void {
  const c = new StaticArray<u64>(5);
  for (let round: u64 = 0; round < 24; round++) {
    for (let x = 0; x < 5; x++) c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
    for (let x = 0; x < 5; x++) {
      const d = c[(x + 4) % 5] ^ rotl<u64>(c[(x + 1) % 5], 1);
      for (let y = 0; y < 25; y += 5) s[x + y] ^= d;
    }
    for (let i = 1; i < 25; i++) s[i] = rotl<u64>(s[i], (i * (i + 1)) / 2);
    for (let y = 0; y < 25; y += 5) {
      for (let x = 0; x < 5; x++) c[x] = s[x + y];
      for (let x = 0; x < 5; x++) s[x + y] = c[x] ^ (~c[(x + 1) % 5] & c[(x + 2) % 5]);
    }
    s[0] ^= round * 0x8000000080008081;
  }
}

function quicksort(a: Uint32Array, first: i32, last: i32): void {
  while (first < last) {
    const pivot = a[(first + last) >>> 1];
    let i = first;
    let j = last;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i > j) break;
      const swap = a[i];
      a[i++] = a[j];
      a[j--] = swap;
    }
    quicksort(a, first, j);
    first = i;
  }
}

function scan(text: string): u64 {
  let depth: u32 = 0;
  let sum: u64 = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code == 0x22) {
      while (text.charCodeAt(++at) != 0x22) if (text.charCodeAt(at) == 0x5c) at++;
    } else if (code == 0x7b || code == 0x5b) depth++;
    else if (code == 0x7d || code == 0x5d) depth--;
    else if (code >= 0x30 && code <= 0x39) sum = sum * 10 + (code - 0x30) + depth;
  }
  return sum;
}

function interpretProgram(steps: u32): u32 {
  // add r2 r1; mul r3 r2; xor r0 r3; shift r0; and r4 r2; jump.
  const code: StaticArray<u32> = [0, 2, 1, 1, 3, 2, 2, 0, 3, 3, 0, 5, 4, 4, 2, 5, 0, 0];
  const registers = new StaticArray<u32>(8);
  registers[1] = 1;
  let at: u32 = 0;
  for (let step: u32 = 0; step < steps; step++) {
    const a = code[at + 1];
    const b = code[at + 2];
    switch (code[at]) {
      case 0:
        registers[a] += registers[b];
        break;
      case 1:
        registers[a] = registers[b] * registers[b];
        break;
      case 2:
        registers[a] ^= registers[b];
        break;
      case 3:
        registers[a] = rotl<u32>(registers[a], b);
        break;
      case 4:
        registers[a] &= registers[b];
        break;
      default:
        at = 0;
        continue;
    }
    at += 3;
  }
  return registers[0];
}
