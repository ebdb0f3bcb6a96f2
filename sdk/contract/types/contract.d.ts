/**
 * For editors only: `hermetic/contract` and the decorators as TypeScript sees them, so that contracts
 * show no false errors. The AssemblyScript compiler never reads this file.
 *
 * The folder of a project's contracts has a `tsconfig.json` of its own for this, as `hermetic new` writes it:
 * TypeScript's own library stays out, the compiler's is in.
 *
 * @module
 */
/// <reference path="./globals.d.ts" />
/// <reference types="assemblyscript/std/assembly/index.d.ts" />

/** Bytes, under the name that the ABI gives them. */
export type bytes = Uint8Array;

/** An account or a contract: 32 bytes that compare by value. */
export declare class Account {
  private constructor();
  /** 32 zero bytes: nobody. Never a caller. */
  static readonly zero: Account;
  /** 64 hexadecimal digits; anything else fails the call. */
  static parse(text: string): Account;
  /** Exactly 32 bytes; anything else fails the call. */
  static from(bytes: Uint8Array): Account;
  /** The 32 bytes. */
  toBytes(): Uint8Array;
  /** 64 lower-case hexadecimal digits. */
  toString(): string;
}

export { u128, u256 } from "./wide.js";

/** Who calls, where and when. */
export declare namespace ctx {
  /** The account that signed the call, or the contract that made it; never zero. */
  function caller(): Account;
  /** The account of this contract. */
  function self(): Account;
  /** Unix time in seconds. */
  function now(): u64;
  /** Position in the cluster's log. */
  function height(): u64;
  /** Unpredictable bytes, at most 1024; each label is a stream of its own. */
  function random(length: u32, label?: string): Uint8Array;
}

/** The bytes of a text in UTF-8. */
export declare function utf8(text: string): Uint8Array;

/** Kinds of signatures. */
export declare enum Scheme {
  /** Any message. */
  ed25519,
  /** ECDSA over a digest of 32 bytes. */
  secp256k1,
  /** Any message; verified only. */
  sr25519,
}

/** Hashes, signatures, keys of the contract's own and sealing. */
export declare namespace crypto {
  /** 32 bytes. */
  function sha256(data: Uint8Array): Uint8Array;
  /** As Ethereum uses it, which is not SHA-3. */
  function keccak256(data: Uint8Array): Uint8Array;
  /** A hash of 1 to 64 bytes, with a key of at most 64. */
  function blake2b(data: Uint8Array, length?: u32, key?: Uint8Array): Uint8Array;
  /** False for whatever is malformed. For secp256k1 the message is a digest of 32 bytes. */
  function verify(
    scheme: Scheme,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): bool;
  /** The secp256k1 key (65 bytes) of a signature with recovery byte 27 or 28, or null. */
  function recover(digest: Uint8Array, signature: Uint8Array): Uint8Array | null;
  /** Ethereum's address (20 bytes) of an uncompressed secp256k1 key. */
  function ethereumAddress(publicKey: Uint8Array): Uint8Array;
  /** 32 secret bytes that only this contract can derive. */
  function deriveKey(label: string): Uint8Array;
  /** The contract's own key for a label: 32 bytes for ed25519, 65 for secp256k1. */
  function publicKey(scheme: Scheme, label: string): Uint8Array;
  /** Signs with the contract's own key. */
  function sign(scheme: Scheme, label: string, message: Uint8Array): Uint8Array;
  /** Encrypts under 32 secret bytes; `data` is bound, not encrypted. */
  function seal(key: Uint8Array, plaintext: Uint8Array, data?: Uint8Array): Uint8Array;
  /** What was sealed, or null if key, data or a single bit is another. */
  function open(key: Uint8Array, sealed: Uint8Array, data?: Uint8Array): Uint8Array | null;
}

/** What every map can be asked. */
declare class Lookup<K, V> {
  protected constructor();
  /** Whether there is a value under the key. */
  has(key: K): bool;
  /** A copy; a missing key fails the call. */
  get(key: K): V;
  /** A copy, or null. Numbers cannot be null: use `getOr`. */
  find(key: K): V | null;
  /** A copy, or `otherwise`. */
  getOr(key: K, otherwise: V): V;
  /** Stores a value under the key. */
  set(key: K, value: V): void;
  /** Removes the value under the key, if there is one. */
  delete(key: K): void;
  /** A page of keys in their order: `limit` from 1 to 1000, `cursor` the `next` of the page before. */
  keys(limit?: u32, cursor?: Uint8Array | null, descending?: bool): Page<K>;
  /** A page of keys with copies of their values. */
  entries(limit?: u32, cursor?: Uint8Array | null, descending?: bool): Page<Entry<K, V>>;
  /** Of the keys from `from` on and before `to`. */
  range(
    from: K,
    to: K,
    limit?: u32,
    cursor?: Uint8Array | null,
    descending?: bool,
  ): Page<Entry<K, V>>;
  /** Of the keys that have the first `fields` fields of `like`: for keys of a `@data` class. */
  within(
    like: K,
    fields: u32,
    limit?: u32,
    cursor?: Uint8Array | null,
    descending?: bool,
  ): Page<Entry<K, V>>;
}

/** A key-value collection in contract state; nothing is loaded until a key is touched. */
export declare class Mapping<K, V> extends Lookup<K, V> {
  private constructor();
}

/** Part of a collection, and where the next part begins. */
export declare class Page<T> {
  /** What this part holds, in order. */
  readonly items: T[];
  /** The cursor of the next page; null if this was the last one. */
  readonly next: Uint8Array | null;
}

/** One entry of a map. */
export declare class Entry<K, V> {
  /** What it is found by. */
  readonly key: K;
  /** A copy. */
  readonly value: V;
}

/** A map whose values are also found by what their method `index(by: Indexes)` names. */
export declare class IndexedMap<K, V extends { index(by: Indexes): void }> extends Lookup<K, V> {
  private constructor();
  /** The entries in the order of an index; `I` is the type that `index` gives to `key`. */
  by<I>(index: string): Index<K, V, I>;
}

/** By what a value is found. */
export declare class Indexes {
  private constructor();
  /** Lets the value be found under `value` in the index of this name; under null it is not found. */
  key<I>(index: string, value: I): void;
}

/** The entries of a map in the order of one index. */
export interface Index<K, V, I> {
  /** A page of all entries that the index holds. */
  entries(limit?: u32, cursor?: Uint8Array | null, descending?: bool): Page<Entry<K, V>>;
  /** Of those whose indexed value is `value`. */
  equal(value: I, limit?: u32, cursor?: Uint8Array | null, descending?: bool): Page<Entry<K, V>>;
  /** Of those whose indexed value is `from` or more, and less than `to`. */
  range(
    from: I,
    to: I,
    limit?: u32,
    cursor?: Uint8Array | null,
    descending?: bool,
  ): Page<Entry<K, V>>;
  /** Of those whose indexed value has the first `fields` fields of `like`: for values of a `@data` class. */
  within(
    like: I,
    fields: u32,
    limit?: u32,
    cursor?: Uint8Array | null,
    descending?: bool,
  ): Page<Entry<K, V>>;
}

/**
 * A list in contract state; only what is touched is loaded. Declared as an array because TypeScript
 * loops over nothing else here; `get`, `set`, `push`, `pop` and `length` are what there is.
 */
export interface List<T> extends Array<T> {
  /** A copy of the item; an index out of range fails the call. */
  get(index: i32): T;
  /** Replaces an item; an index out of range fails the call. */
  set(index: i32, value: T): void;
}

/** A set of keys in contract state. */
export declare class KeySet<K> {
  private constructor();
  /** Keys in the set. */
  readonly size: i32;
  /** Whether the key is in the set. */
  has(key: K): bool;
  /** Whether the key is new. */
  add(key: K): bool;
  /** Whether the key was there. */
  delete(key: K): bool;
  /** A page of keys in their order: `limit` from 1 to 1000, `cursor` the `next` of the page before. */
  keys(limit?: u32, cursor?: Uint8Array | null, descending?: bool): Page<K>;
  /** Of the keys from `from` on and before `to`. */
  range(from: K, to: K, limit?: u32, cursor?: Uint8Array | null, descending?: bool): Page<K>;
  /** Of those that have the first `fields` fields of `like`: for keys of a `@data` class. */
  within(like: K, fields: u32, limit?: u32, cursor?: Uint8Array | null, descending?: bool): Page<K>;
}

/** Emits an instance of an `@event` class. */
export declare function emit<T>(event: T): void;

/** One HTTP request; `header`, `body` and `text` return it, so that they can be chained. */
export declare class Request {
  constructor(method: string, url: string);
  /** `GET`, `POST` and so on. */
  method: string;
  /** The whole address, with `https://`. */
  url: string;
  /** Adds a header. */
  header(name: string, value: string): Request;
  /** Sets the body. */
  body(content: Uint8Array): Request;
  /** Sets a body of UTF-8 text. */
  text(content: string): Request;
  /** Servers that know the header `idempotency-key` act on the first of equal keys alone; without one, one is drawn. */
  idempotent(key?: string): Request;
  /** Waits no longer than so many milliseconds for the answer; then it is the error `timeout`. The server is not told. */
  timeout(milliseconds: u32): Request;
  /** Whether it may be sent again although the server may have got it. */
  readonly isRepeatable: bool;
}

/** What a server answered, or why there is no answer. */
export declare class Response {
  private constructor();
  /** 0 if there was no answer. */
  readonly status: u16;
  /** An answer with a status from 200 to 299. */
  readonly ok: bool;
  /** `denied`, `dns`, `connect`, `tls`, `timeout`, `too-large` or `protocol`; empty if there was an answer. */
  readonly error: string;
  /** Which rule or limit stood in the way, in a word such as `origin`; empty if it was none. */
  readonly detail: string;
  /** What the contract's author can do about it, in a sentence. */
  readonly advice: string;
  /** Whether the next try may go better. */
  isWorthRetrying(repeatable: bool): bool;
  /** The first header of that name, in any case, or null. */
  header(name: string): string | null;
  /** The body. */
  bytes(): Uint8Array;
  /** The body as UTF-8; bytes that are none become U+FFFD. */
  text(): string;
  /** The body as JSON; a body that is no JSON reads as null. */
  json(): Json;
}

/** The web, as far as the contract may reach it. TLS ends inside the enclave. */
export declare namespace http {
  /** Fetches an address. */
  function get(url: string): Response;
  /** Sends a text. */
  function post(url: string, body: string): Response;
  /** Sends one request. */
  function request(one: Request): Response;
  /** Sends several requests at once; the answers are in the same order. */
  function all(requests: Request[]): Response[];
  /** Asks again while it may go better and something is left of `retries`. */
  function retry(one: Request, retries?: Retries): Response;
}

/** How often `http.retry` may ask again; give one to several requests, and they share it. */
export declare class Retries {
  constructor(left: i32);
  /** What is left. */
  left: i32;
}

/** A value in a JSON text, or one that is not there, which reads as null. */
export declare class Json {
  private constructor();
  /** A JSON text in UTF-8; what is no JSON reads as null. */
  static parse(text: Uint8Array): Json;
  /** A path such as `rates.USD` or `items.0.price`. */
  at(path: string): Json;
  /** Whether it is null, or not there. */
  readonly isNull: bool;
  /** Whether it is a text. */
  readonly isString: bool;
  /** Items of a list or members of an object; 0 for any other value. */
  readonly length: i32;
  /** A text; any other value fails the call. */
  asString(): string;
  /** True or false; any other value fails the call. */
  asBool(): bool;
  /** A whole number written in digits alone; any other value fails the call. */
  asU64(): u64;
  /** A whole number written in digits, with or without a minus; any other value fails the call. */
  asI64(): i64;
  /** A number, right to about 15 digits; any other value fails the call. */
  asF64(): f64;
  /** A multiple of 10^-`places`, exactly. */
  asDecimal(places: i32): u64;
  /** The same, of a number that may lie below zero. */
  asSignedDecimal(places: i32): i64;
  /** As `asDecimal`, and `otherwise` where `asDecimal` would fail the call. */
  asDecimalOr(places: i32, otherwise: u64): u64;
}

/** What the owner has set for the contract alone to know. */
export declare namespace secrets {
  /** The secret, or null if the owner has not set it. */
  function get(name: string): string | null;
  /** Text that stands for the secret in a header of an HTTP request: the contract never holds it. */
  function ref(name: string): string | null;
}

/** What another contract answered. */
export declare class Answer<T> {
  private constructor();
  /** Whether the method returned. */
  readonly ok: bool;
  /** The name of the `@error` class it failed with; empty if there is none. */
  readonly error: string;
  /** The number of the fault that ended it, as in `HRM1NNN` without the first digit; 0 if there is none. */
  readonly fault: u32;
  /** What the method returned; fails the call if it did not. */
  readonly value: T;
  /** Whether it failed with this `@error` class. */
  is<E>(): bool;
  /** The error's fields; fails the call if it is another one. */
  as<E>(): E;
  /** Ends this call with the same error, fields and all: whoever calls gets to see it. */
  rethrow(): void;
  /** Fails this call unless the method returned. */
  require(): void;
}

type Method = (...args: any[]) => any;
type MethodName<T> = { [K in keyof T]: T[K] extends Method ? K : never }[keyof T];

/** The methods of another contract. */
type Remote<T> = { [K in MethodName<T>]: T[K] };
/** The methods of another contract, each with an answer that may be a failure. */
type TryRemote<T> = {
  [K in MethodName<T>]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => Answer<R>
    : never;
};

/** The methods of a contract, each of which gives the number of its planned call. */
type Planned<T> = {
  [K in MethodName<T>]: T[K] extends (...args: infer A) => any ? (...args: A) => u64 : never;
};

/** What a command gives, in an interface that describes another contract: `pay(to: Account): Command<void>`. */
export type Command<T> = T;
/** What a query gives, in an interface that describes another contract. */
export type Query<T> = T;

/** Arguments of a method that the build does not know: each in the type that the method declares. */
export declare class Arguments {
  /** Adds the next argument. */
  add<T>(value: T): this;
}

/** Other contracts of the same cluster, by their `@contract` class or an interface that describes it. */
export declare namespace contracts {
  /** The contract at an address. A method that fails there fails this call. */
  function at<T>(address: Account, gas?: u64): Remote<T>;
  /** The contract at an address, with methods that tell how they ended. */
  function tryAt<T>(address: Account, gas?: u64): TryRemote<T>;
  /**
   * Makes a contract of code that the cluster holds, by its SHA-256, and returns its account.
   *
   * @param salt - Tells contracts apart that are made alike; at most 32 bytes.
   * @param method - The `@init` method, if the code has one.
   */
  function instantiate(
    code: Uint8Array,
    salt: Uint8Array,
    args?: Arguments | null,
    method?: string,
    gas?: u64,
  ): Account;
  /** The same, but tells how it ended. */
  function tryInstantiate(
    code: Uint8Array,
    salt: Uint8Array,
    args?: Arguments | null,
    method?: string,
    gas?: u64,
  ): Answer<Account>;
  /**
   * Gives this contract other code that the cluster holds, once the command has returned. If the new code
   * fails to take over, the command fails as a whole.
   *
   * @param method - The new code's `@migrate` method, if it has one.
   */
  function upgrade(code: Uint8Array, args?: Arguments | null, method?: string): void;
}

/** Arithmetic that fails the call instead of wrapping around. */
export declare namespace checked {
  /** The sum. */
  function add<T>(left: T, right: T): T;
  /** The difference: for unsigned numbers never below zero. */
  function sub<T>(left: T, right: T): T;
  /** The product. */
  function mul<T>(left: T, right: T): T;
}

/** Calls of the contract's own methods at heights to come. They see the contract as their caller. */
export declare namespace schedule {
  /** Plans a call of a method without parameters; its gas is paid now. Returns its number. */
  function at(height: u64, method: string, gas?: u64): u64;
  /** Plans a call so many heights from now. */
  function after(heights: u64, method: string, gas?: u64): u64;
  /**
   * The contract's own commands and `@scheduled` methods, each of which plans its call with the arguments that
   * it is given, and returns its number: `schedule.call<Auction>(height).settle(lot)`.
   */
  function call<T>(height: u64, gas?: u64): Planned<T>;
  /** Takes a planned call back; whether it was still to come. */
  function cancel(id: u64): bool;
}

/** How much a log line matters. */
export declare enum Level {
  debug,
  info,
  warn,
  error,
}
/** Text for whoever calls, inside the sealed reply: nothing that the caller may not know. */
export declare function log(level: Level, text: string): void;

/** What a contract asks of an origin; what is left out is as little as most need. */
interface Grant {
  /** `["GET", "HEAD"]` if left out. */
  readonly methods?: readonly ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE")[];
  /** Headers that it sends besides accept, accept-language, content-type, idempotency-key and if-none-match; `*` is any. */
  readonly headers?: readonly string[];
  /** Bytes of a request's body: 64 KiB if left out, 1 MiB at most. */
  readonly requestBytes?: number;
  /** Bytes of a response's body after decoding: 256 KiB if left out, 2 MiB at most. */
  readonly responseBytes?: number;
  /** Which redirects are followed; `none` if left out. */
  readonly redirects?: "none" | "same-origin" | "granted";
  /** Requests in a minute, on each worker: 60 if left out. */
  readonly perMinute?: number;
  /** SHA-256 of public keys (SPKI), in hexadecimal or base64: one of the server's chain must be among them. */
  readonly pins?: readonly string[];
}

type ClassMark = (target: Function) => void;
type MemberMark = (target: object, key: string, descriptor?: any) => void;

declare global {
  /** The class is the contract of this file. */
  const contract: ClassMark;
  /** The contract may ask this origin, as in `@grant("https://api.example", { headers: ["x-api-key"] })`. */
  function grant(origin: string, options?: Grant): ClassMark;
  /** Values of the class may cross the contract's boundary and be stored. */
  const data: ClassMark;
  /** The class may be thrown: a typed failure at the client. */
  const error: ClassMark;
  /** The class may be emitted, readable by the caller of the method. */
  function event(target: Function): void;
  /** The class may be emitted, readable by everybody. */
  function event(visibility: "public"): ClassMark;

  /** Runs once, when the contract is deployed. */
  const init: MemberMark;
  /** Runs once, when a contract is upgraded to this code; if it fails, the old code stays. */
  const migrate: MemberMark;
  /** Changes state; ordered. */
  const command: MemberMark;
  /** Reads state; cannot write. */
  const query: MemberMark;
  /** Called by the cluster alone, when the contract has planned it; without parameters. */
  const scheduled: MemberMark;
  /** As `@scheduled`, and planned every so many heights from deployment or upgrade on. */
  function every(heights: number, gas?: number): MemberMark;
  /** May be called while another call of the contract waits for a contract that it called. */
  const reentrant: MemberMark;
  /** Only the account in this state field may call the method. */
  function only(field: string): MemberMark;
  /** The field is not stored. */
  const transient: MemberMark;
  /** The field was stored under this name before. */
  function was(name: string): MemberMark;
}
