/** Product of two square matrices of doubles. */
@contract
export class Matmul {
  @query
  run(n: u32): u32 {
    const size = <i32>n;
    const a = new Float64Array(size * size);
    const b = new Float64Array(size * size);
    const c = new Float64Array(size * size);
    for (let i = 0; i < size * size; i++) {
      a[i] = <f64>(i % 17) * 0.25;
      b[i] = <f64>(i % 13) * 0.5 - 1.0;
    }
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum: f64 = 0;
        for (let k = 0; k < size; k++) sum += a[i * size + k] * b[k * size + j];
        c[i * size + j] = sum;
      }
    }
    let check: f64 = 0;
    for (let i = 0; i < size * size; i++) check += c[i] * <f64>(i % 7);
    return <u32>(<i64>check);
  }
}
