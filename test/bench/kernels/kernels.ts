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
  /** The argument of `run`: a few milliseconds of compiled code. */
  readonly size: number;
  /** A smaller argument, for the comparison with an interpreter. */
  readonly reduced: number;
  /** What `run` gives for `size`, an unsigned word. */
  readonly result: number;
  /** A JavaScript engine does most of its work in its own compiled code: JSON, BigInt. */
  readonly isBuiltIn?: boolean;
}

export const kernels: readonly Kernel[] = [
  { name: "sha256", kind: "integer", size: 250, reduced: 3, result: 4_245_476_907 },
  { name: "keccak256", kind: "integer", size: 60, reduced: 2, result: 3_189_929_148 },
  { name: "blake2s", kind: "integer", size: 150, reduced: 3, result: 315_896_177 },
  { name: "quicksort", kind: "integer", size: 20_000, reduced: 800, result: 2_615_286_088 },
  { name: "sort", kind: "integer", size: 8_000, reduced: 600, result: 1_996_959_931 },
  { name: "matmul", kind: "float", size: 100, reduced: 20, result: 11_989_028 },
  { name: "nbody", kind: "float", size: 15_000, reduced: 150, result: 166_578 },
  { name: "mandelbrot", kind: "float", size: 140, reduced: 16, result: 597_610 },
  { name: "json", kind: "integer", size: 60, reduced: 30, result: 154_361_890, isBuiltIn: true },
  { name: "interpreter", kind: "integer", size: 900_000, reduced: 10_000, result: 1_289_887_771 },
  { name: "fib", kind: "integer", size: 27, reduced: 19, result: 196_418 },
  {
    name: "modmul",
    kind: "integer",
    size: 12_000,
    reduced: 3_000,
    result: 1_913_156_840,
    isBuiltIn: true,
  },
  {
    name: "wide",
    kind: "integer",
    size: 300,
    reduced: 300,
    result: 4_063_468_599,
    isBuiltIn: true,
  },
  { name: "token", kind: "integer", size: 30_000, reduced: 1_500, result: 3_764_284_120 },
  { name: "sieve", kind: "integer", size: 300_000, reduced: 10_000, result: 25_997 },
  { name: "levenshtein", kind: "integer", size: 700, reduced: 60, result: 368 },
  { name: "base64", kind: "integer", size: 150_000, reduced: 2_500, result: 3_647_231_375 },
  { name: "collatz", kind: "integer", size: 14_000, reduced: 400, result: 275 },
];
