/**
 * Transfers between the accounts of a map.
 *
 * @module
 */
import { Random } from "./support/random.ts";
import { rolling } from "./support/rolling.ts";

const ACCOUNTS = 256;

function account(index: number): number {
  return Math.imul(index & (ACCOUNTS - 1), 0x9e3779b1) >>> 0;
}

export function run(transfers: number): number {
  const balances = new Map<number, number>();
  for (let i = 0; i < ACCOUNTS; i++) balances.set(account(i), 1_000_000);
  const random = new Random(7);
  for (let i = 0; i < transfers; i++) {
    const seed = random.next();
    const from = account(seed);
    const to = account(seed >>> 8);
    const amount = (seed >>> 16) & 1023;
    if (balances.get(from)! < amount) continue;
    balances.set(from, balances.get(from)! - amount);
    balances.set(to, balances.get(to)! + amount);
  }
  let sum = 0;
  for (let i = 0; i < ACCOUNTS; i++) sum = rolling(sum, balances.get(account(i))!);
  return sum;
}
