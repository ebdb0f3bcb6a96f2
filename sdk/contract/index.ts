/**
 * `hermetic/contract`: everything a contract may use.
 *
 * @module
 */
export { Account } from "./account";
export { u128, u256 } from "./bignum";
export { Answer } from "./answer";
export { Arguments } from "./arguments";
export { bytes } from "./bytes";
export { checked } from "./checked";
export { Command, contracts, Query } from "./contracts";
export { ctx } from "./context";
export { crypto, Scheme } from "./crypto";
export { emit } from "./event";
export { http, Request, Response, Retries } from "./http";
export { IndexedMap } from "./indexed-map";
export { Indexes } from "./indexes";
export { Json } from "./json";
export { KeySet } from "./keyset";
export { List } from "./list";
export { Level, log } from "./log";
export { Mapping } from "./mapping";
export { Entry, Page } from "./page";
export { schedule } from "./schedule";
export { secrets } from "./secrets";
export { utf8 } from "./utf8";
