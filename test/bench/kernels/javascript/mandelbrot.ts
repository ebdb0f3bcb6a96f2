/**
 * Steps until the points of a square grid leave the circle.
 *
 * @module
 */
const STEPS_MAX = 100;

export function run(n: number): number {
  let steps = 0;
  for (let row = 0; row < n; row++) {
    const ci = (row / n) * 2 - 1;
    for (let column = 0; column < n; column++) {
      const cr = (column / n) * 3 - 2;
      let x = 0;
      let y = 0;
      let left = STEPS_MAX;
      while (left > 0 && x * x + y * y <= 4) {
        const next = x * x - y * y + cr;
        y = 2 * x * y + ci;
        x = next;
        left--;
      }
      steps += STEPS_MAX - left;
    }
  }
  return steps;
}
