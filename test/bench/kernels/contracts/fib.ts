/** Recursion that does nothing but call. */
@contract
export class Fib {
  @query
  run(n: u32): u32 {
    return fib(n);
  }
}

function fib(n: u32): u32 {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
