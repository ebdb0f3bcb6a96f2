/**
 * `hermetic/contract`: everything a contract may use.
 *
 * @module
 */
export { Account } from "./account";
export { u128, u256 } from "./bignum";
export { bytes } from "./bytes";
export { ctx } from "./context";
export { emit } from "./event";
export { KeySet } from "./keyset";
export { List } from "./list";
export { Level, log } from "./log";
export { Mapping } from "./mapping";
export { secrets } from "./secrets";
