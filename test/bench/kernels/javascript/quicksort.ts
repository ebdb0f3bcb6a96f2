/**
 * Quicksort of words, by recursion into the left part.
 *
 * @module
 */
import { Random } from "./support/random.ts";
import { rolling } from "./support/rolling.ts";

export function run(count: number): number {
  const random = new Random(12345);
  const words = new Uint32Array(count);
  for (let i = 0; i < count; i++) words[i] = random.next();
  quicksort(words, 0, count - 1);
  return words.reduce(rolling, 0);
}

function quicksort(a: Uint32Array, start: number, last: number): void {
  let first = start;
  while (first < last) {
    const pivot = a[(first + last) >>> 1]!;
    let i = first;
    let j = last;
    while (i <= j) {
      while (a[i]! < pivot) i++;
      while (a[j]! > pivot) j--;
      if (i > j) break;
      const swap = a[i]!;
      a[i++] = a[j]!;
      a[j--] = swap;
    }
    quicksort(a, first, j);
    first = i;
  }
}
