/**
 * Writes an order as text and reads it back, with what the language brings for it.
 *
 * @module
 */
import { rolling } from "./support/rolling.ts";

interface Order {
  readonly id: number;
  readonly items: readonly { readonly name: string; readonly count: number }[];
}

export function run(rounds: number): number {
  let sum = 0;
  for (let round = 0; round < rounds; round++) {
    const items = [];
    for (let i = 0; i < 8; i++) {
      const item = i + round;
      items.push({ name: `item ${item}`, count: item * 7 });
    }
    const order = JSON.parse(JSON.stringify({ id: round, items })) as Order;
    sum = rolling(sum, order.id);
    for (const { name, count } of order.items) sum = rolling(sum, count + name.length);
  }
  return sum;
}
