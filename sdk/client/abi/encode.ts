/**
 * From JavaScript values to a contract's arguments, checked against the ABI.
 *
 * A value that does not fit is refused with its path; nothing is cut, rounded or guessed.
 *
 * @module
 */
import type { Abi, AbiField, AbiMethod, AbiScalar, AbiType } from "#protocol/abi.ts";
import { ARGUMENT_BYTES_MAX, DECODE_DEPTH_MAX } from "#protocol/limits.ts";
import { hexBytes } from "#sdk/client/abi/hex.ts";
import {
  integerTypes,
  isIntegerName,
  largest,
  smallest,
  type IntegerName,
} from "#sdk/client/abi/integers.ts";
import { dataOf } from "#sdk/client/abi/lookup.ts";
import { Writer } from "#sdk/client/abi/writer.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";

export const ACCOUNT_BYTES = 32;
/** MessagePack of an array with nothing in it. */
export const NO_ARGUMENTS: Uint8Array = Uint8Array.of(0x90);

/**
 * The arguments of a method as MessagePack.
 *
 * @param values - An object by parameter name, or an array in order.
 * @throws {@link HermeticError} `VALUE_INVALID` with the path of the offending value.
 */
export function encodeArgs(abi: Abi, method: AbiMethod, values: unknown): Uint8Array {
  const writer = new Writer();
  new Encoder(abi, writer).fields(method.inputs, values, "args", 0);
  if (writer.length > ARGUMENT_BYTES_MAX) {
    refuse("args", `is over ${ARGUMENT_BYTES_MAX} bytes when encoded`);
  }
  return writer.finish();
}

/** One value of a type as MessagePack. @throws {@link HermeticError} `VALUE_INVALID`. */
export function encodeValue(abi: Abi, type: AbiType, value: unknown, path = "value"): Uint8Array {
  const writer = new Writer();
  new Encoder(abi, writer).value(type, value, path, 0);
  return writer.finish();
}

function refuse(path: string, problem: string): never {
  throw clientError("VALUE_INVALID", `${path}: ${problem}`);
}

class Encoder {
  readonly #abi: Abi;
  readonly #writer: Writer;

  constructor(abi: Abi, writer: Writer) {
    this.#abi = abi;
    this.#writer = writer;
  }

  fields(fields: readonly AbiField[], values: unknown, path: string, depth: number): void {
    const list = Array.isArray(values)
      ? ordered(fields, values, path)
      : named(fields, values, path);
    this.#writer.array(fields.length);
    for (const [i, field] of fields.entries()) {
      this.value(field.type, list[i], `${path}.${field.name}`, depth + 1);
    }
  }

  value(type: AbiType, value: unknown, path: string, depth: number): void {
    if (depth > DECODE_DEPTH_MAX) refuse(path, `is nested over ${DECODE_DEPTH_MAX} deep`);
    if (typeof type === "string") this.#scalar(type, value, path);
    else if ("option" in type) {
      if (value === null || value === undefined) this.#writer.nil();
      else this.value(type.option, value, path, depth);
    } else if ("list" in type) {
      if (!Array.isArray(value)) refuse(path, `is ${nameOf(value)}, not an array`);
      this.#writer.array(value.length);
      for (const [i, item] of value.entries()) {
        this.value(type.list, item, `${path}[${i}]`, depth + 1);
      }
    } else this.fields(dataOf(this.#abi, type.data).fields, value, path, depth);
  }

  #scalar(type: AbiScalar, value: unknown, path: string): void {
    if (isIntegerName(type)) return this.#integer(type, value, path);
    switch (type) {
      case "bool":
        if (typeof value !== "boolean") refuse(path, `is ${nameOf(value)}, not a boolean`);
        return this.#writer.boolean(value);
      case "f32":
      case "f64":
        if (typeof value !== "number") refuse(path, `is ${nameOf(value)}, not a number`);
        return type === "f32" ? this.#writer.float32(value) : this.#writer.float64(value);
      case "string":
        if (typeof value !== "string") refuse(path, `is ${nameOf(value)}, not a string`);
        if (!value.isWellFormed()) refuse(path, "has half of a surrogate pair");
        return this.#writer.text(value);
      case "bytes":
        if (!(value instanceof Uint8Array)) refuse(path, `is ${nameOf(value)}, not a Uint8Array`);
        return this.#writer.bytes(value);
      case "account":
        return this.#writer.bytes(accountBytes(value, path));
    }
  }

  #integer(type: IntegerName, value: unknown, path: string): void {
    const range = integerTypes[type];
    const integer = exactInteger(value, type, path);
    if (integer > largest(range)) refuse(path, `${integer} is over ${type}`);
    if (integer < smallest(range)) refuse(path, `${integer} is under ${type}`);
    if (range.bits <= 64) return this.#writer.integer(integer);
    const digits = integer.toString(16).padStart(range.bits / 4, "0");
    return this.#writer.bytes(Uint8Array.fromHex(digits));
  }
}

function exactInteger(value: unknown, type: string, path: string): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value !== "number") refuse(path, `is ${nameOf(value)}, not an integer for ${type}`);
  if (!Number.isInteger(value)) refuse(path, `${value} is not an integer`);
  if (!Number.isSafeInteger(value)) refuse(path, `${value} is not exact: pass a bigint`);
  return BigInt(value);
}

/** 32 bytes of an account given as bytes or hexadecimal, with or without `0x`. */
function accountBytes(value: unknown, path: string): Uint8Array {
  const bytes =
    typeof value === "string" ? hexBytes(value) : value instanceof Uint8Array ? value : undefined;
  if (bytes?.length !== ACCOUNT_BYTES) {
    refuse(path, "is not an account: 32 bytes or 64 hexadecimal digits");
  }
  return bytes;
}

function ordered(fields: readonly AbiField[], values: readonly unknown[], path: string): unknown[] {
  if (values.length !== fields.length) {
    refuse(path, `has ${values.length} values where ${fields.length} are expected`);
  }
  return [...values];
}

function named(fields: readonly AbiField[], values: unknown, path: string): unknown[] {
  const given = values ?? {};
  if (typeof given !== "object") refuse(path, `is ${nameOf(values)}, not an object`);
  const record = given as Readonly<Record<string, unknown>>; // any object may be read by key
  const names = new Set(fields.map(({ name }) => name));
  for (const key of Object.keys(record)) {
    if (!names.has(key)) refuse(`${path}.${key}`, "is not expected");
  }
  return fields.map(({ name, type }) => {
    if (Object.hasOwn(record, name)) return record[name];
    if (typeof type === "object" && "option" in type) return null;
    return refuse(`${path}.${name}`, "is missing");
  });
}

/** The kind of a value, never the value: texts and bytes may be confidential. */
function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Uint8Array) return "a Uint8Array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
