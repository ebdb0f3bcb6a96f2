/**
 * `arbitraries`: fast-check's random values, by a contract's ABI.
 *
 * The test brings fast-check along: its own copy, with its own settings, and no copy where it has none.
 *
 * @module
 */
import type fastCheck from "fast-check";
import type { Abi, AbiField, AbiMethod, AbiType } from "#protocol/abi.ts";
import { integerTypes, largest, smallest } from "#sdk/client/abi/integers.ts";
import { dataOf } from "#sdk/client/abi/lookup.ts";
import type { ResultOf, FieldsOf } from "#sdk/client/abi/types.ts";
import { accountOf, type Caller } from "#sdk/testing/callers.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";

/** What `import fc from "fast-check"` gives. */
export type FastCheck = typeof fastCheck;
export type Arbitrary<T> = fastCheck.Arbitrary<T>;

/** An ABI that is not `as const` says nothing to the compiler. */
type IsWide<A extends Abi> = string extends A["contract"] ? true : false;

/** Arguments by name, in the form in which a contract would give them back. */
export type RandomArgs<A extends Abi, M extends AbiMethod> =
  IsWide<A> extends true ? Readonly<Record<string, unknown>> : FieldsOf<A, M["inputs"]>;

/** A value of a type, in that form. */
export type RandomValue<A extends Abi, T extends AbiType> =
  IsWide<A> extends true ? unknown : ResultOf<A, T>;

type MethodNamed<A extends Abi, Name> = Extract<A["methods"][number], { readonly name: Name }>;

export interface ArbitraryOptions {
  /** Accounts that come up more often than chance would let them; "owner", "ann" and "bob" if left out. */
  readonly callers?: readonly Caller[];
  /** Items and letters and bytes that a value may have; 8 if left out. */
  readonly maxLength?: number;
}

const CALLERS: readonly Caller[] = ["owner", "ann", "bob"];
const LENGTH_MAX = 8;
const ACCOUNT_BYTES = 32;
/** How often a record may stand in itself. */
const DEPTH_MAX = 3;

export class Arbitraries<const A extends Abi = Abi> {
  readonly #fc: FastCheck;
  readonly #abi: A;
  readonly #maxLength: number;
  readonly #callers: readonly Caller[];

  constructor(fc: FastCheck, abi: A, options: ArbitraryOptions) {
    this.#fc = fc;
    this.#abi = abi;
    this.#maxLength = options.maxLength ?? LENGTH_MAX;
    this.#callers = options.callers ?? CALLERS;
  }

  /** Arguments by name. @throws {@link HermeticError} `NO_ARBITRARY` for a method that the ABI does not have. */
  args<const Name extends A["methods"][number]["name"]>(
    name: Name,
  ): Arbitrary<RandomArgs<A, MethodNamed<A, Name>>> {
    const method = this.#abi.methods.find((each) => each.name === name);
    if (method === undefined) throw kitError("NO_ARBITRARY", `${this.#abi.contract}.${name}`);
    // The static type is computed from the same fields.
    return this.#fields(method.inputs, 0) as Arbitrary<RandomArgs<A, MethodNamed<A, Name>>>;
  }

  /** Any value of a type, such as `"u64"` or `{ data: "Bid" }`. */
  type<const T extends AbiType>(type: T): Arbitrary<RandomValue<A, T>> {
    return this.#value(type, 0) as Arbitrary<RandomValue<A, T>>; // as above
  }

  #fields(fields: readonly AbiField[], depth: number): Arbitrary<unknown> {
    const names = fields.map(({ name }) => name);
    return this.#fc
      .tuple(...fields.map(({ type }) => this.#value(type, depth)))
      .map((values) => Object.fromEntries(names.map((name, i) => [name, values[i]])));
  }

  #value(type: AbiType, depth: number): Arbitrary<unknown> {
    const fc = this.#fc;
    const isDeep = depth >= DEPTH_MAX;
    if (typeof type === "string") return this.#scalar(type);
    if ("list" in type) {
      const maxLength = isDeep ? 0 : this.#maxLength;
      return maxLength === 0
        ? fc.constant([])
        : fc.array(this.#value(type.list, depth), { maxLength });
    }
    if ("option" in type) {
      return isDeep ? fc.constant(null) : fc.option(this.#value(type.option, depth));
    }
    return this.#fields(dataOf(this.#abi, type.data).fields, depth + 1);
  }

  #scalar(type: Extract<AbiType, string>): Arbitrary<unknown> {
    const fc = this.#fc;
    const maxLength = this.#maxLength;
    switch (type) {
      case "bool":
        return fc.boolean();
      case "f32":
        return fc.float();
      case "f64":
        return fc.double();
      case "string":
        return fc.oneof(fc.string({ maxLength }), fc.string({ unit: "binary", maxLength }));
      case "bytes":
        return fc.uint8Array({ maxLength });
      case "account":
        return this.#account();
      default: {
        const range = integerTypes[type];
        const integer = fc.bigInt({ min: smallest(range), max: largest(range) });
        return range.bits >= 64 ? integer : integer.map(Number, numberToBigInt);
      }
    }
  }

  #account(): Arbitrary<string> {
    const { constantFrom, oneof, uint8Array } = this.#fc;
    const known = [...this.#callers.map(accountOf), "00".repeat(ACCOUNT_BYTES)];
    const any = uint8Array({ minLength: ACCOUNT_BYTES, maxLength: ACCOUNT_BYTES });
    return oneof(
      { weight: 4, arbitrary: constantFrom(...known) },
      any.map((bytes) => bytes.toHex()),
    );
  }
}

function numberToBigInt(value: unknown): bigint {
  return BigInt(value as number);
}

/** Commands of an ABI that clients call. */
export function commandsOf(abi: Abi): readonly AbiMethod[] {
  return abi.methods.filter(({ kind }) => kind === "command");
}

/**
 * Random arguments and values for a contract.
 *
 * @param fc - What `import fc from "fast-check"` gives.
 * @param contract - A built contract, or its ABI.
 */
export function arbitraries<const A extends Abi>(
  fc: FastCheck,
  contract: A | { readonly abi: A },
  options: ArbitraryOptions = {},
): Arbitraries<A> {
  const abi = typeof contract.abi === "object" ? contract.abi : (contract as A);
  return new Arbitraries(fc, abi, options);
}
