/**
 * The check value of many kernels: it depends on every word and on their order.
 *
 * @module
 */
export function rolling(sum: number, word: number): number {
  return (Math.imul(sum, 31) + word) >>> 0;
}
