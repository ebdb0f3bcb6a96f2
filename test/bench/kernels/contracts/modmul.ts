const LIMBS = 8;
/** 2^256 modulo the prime of secp256k1 is 2^32 plus this. */
const FOLD: u64 = 977;

/** Squares modulo the prime of secp256k1, by 32-bit limbs. */
@contract
export class Modmul {
  @query
  run(rounds: u32): u32 {
    const a = new StaticArray<u32>(LIMBS);
    for (let i = 0; i < LIMBS; i++) a[i] = 0x9e3779b9 * (i + 1);
    const product = new StaticArray<u32>(2 * LIMBS);
    for (let round: u32 = 0; round < rounds; round++) {
      multiply(product, a, a);
      reduce(a, product);
      a[0] ^= round & 0xff;
    }
    let sum: u32 = 0;
    for (let i = 0; i < LIMBS; i++) sum = sum * 31 + a[i];
    return sum;
  }
}

function multiply(product: StaticArray<u32>, a: StaticArray<u32>, b: StaticArray<u32>): void {
  for (let i = 0; i < 2 * LIMBS; i++) product[i] = 0;
  for (let i = 0; i < LIMBS; i++) {
    let carry: u64 = 0;
    const factor: u64 = a[i];
    for (let j = 0; j < LIMBS; j++) {
      carry += <u64>product[i + j] + factor * b[j];
      product[i + j] = <u32>carry;
      carry >>= 32;
    }
    product[i + LIMBS] = <u32>carry;
  }
}

/** The product modulo the prime: its upper half comes down, twice, then the prime is taken off. */
function reduce(result: StaticArray<u32>, product: StaticArray<u32>): void {
  let carry: u64 = 0;
  let before: u64 = 0;
  for (let i = 0; i < LIMBS; i++) {
    const high: u64 = product[i + LIMBS];
    carry += <u64>product[i] + high * FOLD + before;
    result[i] = <u32>carry;
    carry >>= 32;
    before = high;
  }
  fold(result, carry + before);
  while (isOver(result)) fold(result, 1);
}

/** Adds `over` times what 2^256 is worth; what passes 2^256 by that comes down again. */
function fold(result: StaticArray<u32>, over: u64): void {
  while (over != 0) {
    let carry = (over & 0xffffffff) * FOLD;
    let shifted = over;
    let high = (over >> 32) * FOLD;
    for (let i = 0; i < LIMBS; i++) {
      carry += result[i];
      if (i == 1) carry += (shifted & 0xffffffff) + (high & 0xffffffff);
      if (i == 2) carry += (shifted >> 32) + (high >> 32);
      result[i] = <u32>carry;
      carry >>= 32;
    }
    over = carry;
  }
}

/** Whether the number is the prime or more. */
function isOver(a: StaticArray<u32>): bool {
  for (let i = LIMBS - 1; i > 1; i--) if (a[i] != 0xffffffff) return false;
  const low = ((<u64>a[1]) << 32) | a[0];
  return low >= 0xfffffffefffffc2f;
}
