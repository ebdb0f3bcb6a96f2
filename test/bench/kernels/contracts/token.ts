import { Random } from "./support/random";

const ACCOUNTS: u32 = 256;

function account(index: u32): u32 {
  return (index & (ACCOUNTS - 1)) * 0x9e3779b1;
}

/** Transfers between the accounts of a map. */
@contract
export class Token {
  @query
  run(transfers: u32): u32 {
    const balances = new Map<u32, u64>();
    for (let i: u32 = 0; i < ACCOUNTS; i++) balances.set(account(i), 1_000_000);
    const random = new Random(7);
    for (let i: u32 = 0; i < transfers; i++) {
      const seed = random.next();
      const from = account(seed);
      const to = account(seed >> 8);
      const amount: u64 = (seed >> 16) & 1023;
      if (balances.get(from) < amount) continue;
      balances.set(from, balances.get(from) - amount);
      balances.set(to, balances.get(to) + amount);
    }
    let sum: u32 = 0;
    for (let i: u32 = 0; i < ACCOUNTS; i++) sum = sum * 31 + <u32>balances.get(account(i));
    return sum;
  }
}
