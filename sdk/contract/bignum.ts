/**
 * 128- and 256-bit integers of `@btc-vision/as-bignum`. One file names the package, so that all of
 * the SDK and every contract mean the same classes.
 *
 * @module
 */
export { u128 } from "@btc-vision/as-bignum/assembly/integer/u128";
export { u256 } from "@btc-vision/as-bignum/assembly/integer/u256";
