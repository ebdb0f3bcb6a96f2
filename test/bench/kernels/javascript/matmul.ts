/**
 * Product of two square matrices of doubles.
 *
 * @module
 */
export function run(size: number): number {
  const a = new Float64Array(size * size);
  const b = new Float64Array(size * size);
  const c = new Float64Array(size * size);
  for (let i = 0; i < size * size; i++) {
    a[i] = (i % 17) * 0.25;
    b[i] = (i % 13) * 0.5 - 1;
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += a[i * size + k]! * b[k * size + j]!;
      c[i * size + j] = sum;
    }
  }
  let check = 0;
  for (let i = 0; i < size * size; i++) check += c[i]! * (i % 7);
  return Math.trunc(check) >>> 0;
}
