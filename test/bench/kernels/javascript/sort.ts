/**
 * The library's sort of objects, with a comparator.
 *
 * @module
 */
import { Random } from "./support/random.ts";
import { rolling } from "./support/rolling.ts";

export function run(count: number): number {
  const random = new Random(777);
  const bids: { amount: number; time: number }[] = [];
  for (let time = 0; time < count; time++) bids.push({ amount: random.next() & 1023, time });
  bids.sort((a, b) => (a.amount === b.amount ? a.time - b.time : b.amount - a.amount));
  return bids.reduce((sum, { amount, time }) => rolling(sum, amount * 7 + time), 0);
}
