/**
 * Edit distance of two texts of four letters, row by row.
 *
 * @module
 */
import { Random } from "./support/random.ts";

export function run(length: number): number {
  const random = new Random(99);
  return distance(text(random, length), text(random, length));
}

function text(random: Random, length: number): Uint8Array {
  const letters = new Uint8Array(length);
  for (let i = 0; i < length; i++) letters[i] = random.next() & 3;
  return letters;
}

function distance(a: Uint8Array, b: Uint8Array): number {
  const row = new Uint32Array(b.length + 1);
  for (let j = 0; j <= b.length; j++) row[j] = j;
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0]!;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = diagonal + (a[i - 1] === b[j - 1] ? 0 : 1);
      diagonal = row[j]!;
      row[j] = Math.min(replaced, Math.min(diagonal, row[j - 1]!) + 1);
    }
  }
  return row[b.length]!;
}
