/**
 * The kernels: small programs, each written as a contract and a second time in plain JavaScript.
 *
 * @module
 */

export interface Kernel {
  /** Its file in `contracts` and in `javascript`. */
  readonly name: string;
  /** What its code is made of: where NaNs have to be canonical, metering may cost more. */
  readonly kind: "integer" | "float";
  /** The argument of `run`: half a millisecond or so of compiled code, less than machines often take away. */
  readonly size: number;
  /** A smaller argument, for the comparison with an interpreter. */
  readonly reduced: number;
  /** What `run` gives for `size`, an unsigned word. */
  readonly result: number;
  /** A JavaScript engine does most of its work in its own compiled code: JSON, BigInt. */
  readonly isBuiltIn?: boolean;
}

export const kernels: readonly Kernel[] = [
  { name: "sha256", kind: "integer", size: 80, reduced: 2, result: 1_031_618_255 },
  { name: "keccak256", kind: "integer", size: 16, reduced: 1, result: 2_402_608_841 },
  { name: "blake2s", kind: "integer", size: 50, reduced: 2, result: 3_267_506_271 },
  { name: "quicksort", kind: "integer", size: 6_000, reduced: 800, result: 383_673_412 },
  { name: "sort", kind: "integer", size: 3_000, reduced: 600, result: 3_172_722_066 },
  { name: "matmul", kind: "float", size: 64, reduced: 20, result: 3_142_881 },
  { name: "nbody", kind: "float", size: 5_000, reduced: 150, result: 166_526 },
  { name: "mandelbrot", kind: "float", size: 80, reduced: 16, result: 196_939 },
  { name: "json", kind: "integer", size: 20, reduced: 30, result: 2_200_179_726, isBuiltIn: true },
  { name: "interpreter", kind: "integer", size: 300_000, reduced: 10_000, result: 2_906_345_516 },
  { name: "fib", kind: "integer", size: 24, reduced: 19, result: 46_368 },
  {
    name: "modmul",
    kind: "integer",
    size: 4_000,
    reduced: 3_000,
    result: 3_301_115_850,
    isBuiltIn: true,
  },
  {
    name: "wide",
    kind: "integer",
    size: 200,
    reduced: 300,
    result: 1_717_189_808,
    isBuiltIn: true,
  },
  { name: "token", kind: "integer", size: 10_000, reduced: 1_500, result: 2_633_586_362 },
  { name: "sieve", kind: "integer", size: 150_000, reduced: 10_000, result: 13_848 },
  { name: "levenshtein", kind: "integer", size: 400, reduced: 50, result: 219 },
  { name: "base64", kind: "integer", size: 60_000, reduced: 2_500, result: 1_290_887_888 },
  { name: "collatz", kind: "integer", size: 5_000, reduced: 400, result: 237 },
];
