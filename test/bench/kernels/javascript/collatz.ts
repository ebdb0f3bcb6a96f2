/**
 * The longest chain from a start below a number.
 *
 * @module
 */
export function run(below: number): number {
  let longest = 0;
  for (let start = 1; start < below; start++) {
    let value = start;
    let steps = 0;
    while (value !== 1) {
      value = value % 2 === 0 ? value / 2 : 3 * value + 1;
      steps++;
    }
    if (steps > longest) longest = steps;
  }
  return longest;
}
