import { Random } from "./support/random";

/** Quicksort of words, by recursion into the left part. */
@contract
export class Quicksort {
  @query
  run(count: u32): u32 {
    const words = new Uint32Array(count);
    const random = new Random(12345);
    for (let i: u32 = 0; i < count; i++) words[i] = random.next();
    quicksort(words, 0, <i32>count - 1);
    let sum: u32 = 0;
    for (let i: u32 = 0; i < count; i++) sum = sum * 31 + words[i];
    return sum;
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
