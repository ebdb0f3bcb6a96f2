/**
 * Recursion that does nothing but call.
 *
 * @module
 */
export function run(n: number): number {
  return fib(n);
}

function fib(n: number): number {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
