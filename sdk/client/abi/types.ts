/**
 * Static types of a contract, computed from its ABI when that is `as const`.
 *
 * They mirror what `encode` accepts and `decode` returns.
 *
 * @module
 */
import type { Abi, AbiField, AbiMethod, AbiRecord, AbiType, MethodKind } from "#protocol/abi.ts";

/** 32 bytes in lower-case hexadecimal, without prefix: an Ed25519 public key or a contract's address. */
export type Account = string;

interface ScalarResults {
  bool: boolean;
  u8: number;
  u16: number;
  u32: number;
  u64: bigint;
  u128: bigint;
  u256: bigint;
  i8: number;
  i16: number;
  i32: number;
  i64: bigint;
  f32: number;
  f64: number;
  string: string;
  bytes: Uint8Array;
  account: Account;
}

interface ScalarInputs extends Pick<ScalarResults, "bool" | "f32" | "f64" | "string" | "bytes"> {
  u8: number | bigint;
  u16: number | bigint;
  u32: number | bigint;
  u64: number | bigint;
  u128: number | bigint;
  u256: number | bigint;
  i8: number | bigint;
  i16: number | bigint;
  i32: number | bigint;
  i64: number | bigint;
  account: Account | Uint8Array;
}

type DataNamed<A extends Abi, Name extends string> = Extract<
  A["types"][number],
  { readonly name: Name }
>["fields"];

/** What a value of this type is when it comes from a contract. */
export type ResultOf<A extends Abi, T extends AbiType> = T extends keyof ScalarResults
  ? ScalarResults[T]
  : T extends { readonly option: infer Inner extends AbiType }
    ? ResultOf<A, Inner> | null
    : T extends { readonly list: infer Item extends AbiType }
      ? ResultOf<A, Item>[]
      : T extends { readonly data: infer Name extends string }
        ? FieldsOf<A, DataNamed<A, Name>>
        : never;

/** Named fields as an object, as they come from a contract. */
export type FieldsOf<A extends Abi, F extends readonly AbiField[]> = {
  readonly [Field in F[number] as Field["name"]]: ResultOf<A, Field["type"]>;
};

/** What may be passed for this type. */
export type InputOf<A extends Abi, T extends AbiType> = T extends keyof ScalarInputs
  ? ScalarInputs[T]
  : T extends { readonly option: infer Inner extends AbiType }
    ? InputOf<A, Inner> | null | undefined
    : T extends { readonly list: infer Item extends AbiType }
      ? readonly InputOf<A, Item>[]
      : T extends { readonly data: infer Name extends string }
        ? InputsOf<A, DataNamed<A, Name>>
        : never;

type OptionField = { readonly type: { readonly option: AbiType } };

/** Arguments by name; those that may be null may be left out. */
export type InputsOf<A extends Abi, F extends readonly AbiField[]> = {
  readonly [Field in Exclude<F[number], OptionField> as Field["name"]]: InputOf<A, Field["type"]>;
} & {
  readonly [Field in Extract<F[number], OptionField> as Field["name"]]?: InputOf<A, Field["type"]>;
};

type TupleOf<A extends Abi, F extends readonly AbiField[]> = {
  readonly [Index in keyof F]: InputOf<A, F[Index]["type"]>;
};

/** Arguments by name, or in order. */
export type ArgsOf<A extends Abi, M extends AbiMethod> =
  | InputsOf<A, M["inputs"]>
  | TupleOf<A, M["inputs"]>;

export type MethodsOf<A extends Abi, Kind extends MethodKind> = Extract<
  A["methods"][number],
  { readonly kind: Kind }
>;

export type OutputOf<A extends Abi, M extends AbiMethod> = M["output"] extends AbiType
  ? ResultOf<A, M["output"]>
  : undefined;

/** Events as a union that `name` tells apart. */
export type EventOf<A extends Abi> = RecordUnion<A, A["events"][number]>;

type RecordUnion<A extends Abi, R extends AbiRecord> = R extends AbiRecord
  ? {
      readonly name: R["name"];
      readonly args: FieldsOf<A, R["fields"]>;
      /** Whether others than the caller can read it. */
      readonly public: boolean;
    }
  : never;
