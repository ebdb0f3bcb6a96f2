const STEPS_MAX: u32 = 100;

/** Steps until the points of a square grid leave the circle. */
@contract
export class Mandelbrot {
  @query
  run(n: u32): u32 {
    let steps: u32 = 0;
    for (let row: u32 = 0; row < n; row++) {
      const ci = (<f64>row / <f64>n) * 2.0 - 1.0;
      for (let column: u32 = 0; column < n; column++) {
        const cr = (<f64>column / <f64>n) * 3.0 - 2.0;
        let x: f64 = 0;
        let y: f64 = 0;
        let left = STEPS_MAX;
        while (left > 0 && x * x + y * y <= 4.0) {
          const next = x * x - y * y + cr;
          y = 2.0 * x * y + ci;
          x = next;
          left--;
        }
        steps += STEPS_MAX - left;
      }
    }
    return steps;
  }
}
