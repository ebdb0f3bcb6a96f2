import { u128, u256 } from "hermetic/contract";

/** Shares and fees with the SDK's wide integers: products, sums, shifts and comparisons. */
@contract
export class Wide {
  @query
  run(rounds: u32): u32 {
    let pool = u128.from(1_000_000_007);
    let total = u256.One;
    const rate = u128.fromU64(0x9e3779b97f4a7c15);
    const mask = u128.Max >> 32;
    for (let round: u32 = 0; round < rounds; round++) {
      const amount = u128.from(round) + u128.from(12345);
      pool = ((pool + amount) * rate) & mask;
      const fee = (pool >> 7) + amount;
      if (fee > amount) pool = pool - (amount >> 1);
      total = total * u256.fromU128(fee) + u256.fromU128(pool);
      if (total < u256.fromU128(pool)) total = total + u256.One;
    }
    return fold(total.lo1) ^ fold(total.lo2) ^ fold(total.hi1) ^ fold(total.hi2) ^ fold(pool.lo);
  }
}

function fold(word: u64): u32 {
  return <u32>word ^ <u32>(word >> 32);
}
