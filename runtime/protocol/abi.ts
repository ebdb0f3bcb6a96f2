/**
 * The typed interface of a contract, version 1: what `hermetic build` writes and clients read.
 *
 * It describes; it does not guard. The enclave never trusts it: modes, limits and values are
 * checked where they are used.
 *
 * @module
 */

export type AbiScalar =
  | "bool"
  | "u8"
  | "u16"
  | "u32"
  | "u64"
  | "u128"
  | "u256"
  | "i8"
  | "i16"
  | "i32"
  | "i64"
  | "f32"
  | "f64"
  | "string"
  | "bytes"
  | "account";

export type AbiType =
  | AbiScalar
  | { readonly list: AbiType }
  | { readonly option: AbiType }
  | { readonly data: string };

export interface AbiField {
  readonly name: string;
  readonly type: AbiType;
  readonly doc?: string;
}

/** A `@data`, `@event` or `@error` class. Its value is the array of its fields, in this order. */
export interface AbiRecord {
  readonly name: string;
  readonly doc?: string;
  readonly fields: readonly AbiField[];
  /** Events only: readable by everybody, not just by the caller. */
  readonly public?: boolean;
}

export type MethodKind = "init" | "migrate" | "command" | "query" | "scheduled";

export interface AbiMethod {
  readonly name: string;
  readonly kind: MethodKind;
  readonly doc?: string;
  /** The state field whose account alone may call. */
  readonly only?: string;
  /** Scheduled methods only: heights from one run to the next, if it plans itself. */
  readonly every?: number;
  /** Whether it may be called while another call of the contract waits for what it called. */
  readonly reentrant?: boolean;
  readonly inputs: readonly AbiField[];
  readonly output: AbiType | null;
}

/** By what the values of an `IndexedMap` are found. */
export interface AbiIndex {
  readonly name: string;
  /** Of what is indexed, where the source tells it. */
  readonly type?: AbiType;
}

export interface AbiStateField {
  readonly name: string;
  readonly kind: "cell" | "mapping" | "list" | "keyset" | "indexedmap";
  readonly key?: AbiType;
  readonly type?: AbiType;
  /** Of an `IndexedMap` only. */
  readonly indexes?: readonly AbiIndex[];
}

export interface Abi {
  readonly abi: 1;
  readonly contract: string;
  readonly doc?: string;
  readonly methods: readonly AbiMethod[];
  readonly types: readonly AbiRecord[];
  readonly events: readonly AbiRecord[];
  readonly errors: readonly AbiRecord[];
  readonly state: readonly AbiStateField[];
}
