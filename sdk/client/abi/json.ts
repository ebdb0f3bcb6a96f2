/**
 * Between values and JSON, for command lines and files.
 *
 * In JSON, 64-bit and wider integers are decimal strings, bytes and accounts hexadecimal, and the
 * floats that JSON lacks are "NaN", "Infinity" and "-Infinity".
 *
 * @module
 */
import type { Abi, AbiField, AbiMethod, AbiScalar, AbiType } from "#protocol/abi.ts";
import { toHex } from "#protocol/bytes.ts";
import { DECODE_DEPTH_MAX } from "#protocol/limits.ts";
import { hexBytes } from "#sdk/client/abi/hex.ts";
import { integerTypes, isIntegerName } from "#sdk/client/abi/integers.ts";
import { dataOf } from "#sdk/client/abi/lookup.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

const DECIMAL = /^-?(0|[1-9][0-9]*)$/;
/** Digits of the largest number of 256 bits, and a sign. */
const DECIMAL_LENGTH_MAX = 79;
const JSON_LESS = ["NaN", "Infinity", "-Infinity"];

function refuse(path: string, problem: string): never {
  throw clientError("VALUE_INVALID", `${path}: ${problem}`);
}

/**
 * The arguments of a method from JSON, to be passed to the contract handle.
 *
 * @param json - An object by parameter name, or an array in order.
 * @throws {@link HermeticError} `VALUE_INVALID` with the path of what is not a value of its type.
 */
export function argsFromJson(abi: Abi, method: AbiMethod, json: Json): unknown {
  return fieldsFromJson(abi, method.inputs, json, "args", 0);
}

/** A value of a type from JSON. Ranges are checked when it is encoded. */
export function fromJson(abi: Abi, type: AbiType, json: Json, path = "value"): unknown {
  return valueFromJson(abi, type, json, path, 0);
}

function fieldsFromJson(
  abi: Abi,
  fields: readonly AbiField[],
  json: Json,
  path: string,
  depth: number,
): unknown {
  const convert = (field: AbiField, value: Json): unknown =>
    valueFromJson(abi, field.type, value, `${path}.${field.name}`, depth + 1);
  if (isList(json)) {
    // Values in excess are kept, so that encoding can say how many there are.
    return json.map((value, i) => {
      const field = fields[i];
      return field === undefined ? value : convert(field, value);
    });
  }
  if (json === null || typeof json !== "object") refuse(path, "is not an object or array");
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      const field = fields.find((each) => each.name === name);
      return [name, field === undefined ? value : convert(field, value)];
    }),
  );
}

function valueFromJson(abi: Abi, type: AbiType, json: Json, path: string, depth: number): unknown {
  if (depth > DECODE_DEPTH_MAX) refuse(path, `is nested over ${DECODE_DEPTH_MAX} deep`);
  if (typeof type === "string") return scalarFromJson(type, json, path);
  if ("option" in type) {
    return json === null ? null : valueFromJson(abi, type.option, json, path, depth);
  }
  if ("data" in type) return fieldsFromJson(abi, dataOf(abi, type.data).fields, json, path, depth);
  if (!isList(json)) return refuse(path, "is not an array");
  return json.map((item, i) => valueFromJson(abi, type.list, item, `${path}[${i}]`, depth + 1));
}

function scalarFromJson(type: AbiScalar, json: Json, path: string): unknown {
  if (typeof json !== "string") return json;
  if (isIntegerName(type)) {
    const isShort = json.length <= DECIMAL_LENGTH_MAX;
    if (!isShort || !DECIMAL.test(json)) refuse(path, `is not a decimal number for ${type}`);
    return BigInt(json);
  }
  if (type === "bytes") {
    return hexBytes(json) ?? refuse(path, "is not hexadecimal");
  }
  if ((type === "f32" || type === "f64") && JSON_LESS.includes(json)) return Number(json);
  return json;
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

/** A decoded value as JSON. @param type - `null` for a method without result. */
export function toJson(abi: Abi, type: AbiType | null, value: unknown): Json {
  if (type === null || value === null || value === undefined) return null;
  if (typeof type === "string") return scalarToJson(type, value);
  if ("option" in type) return toJson(abi, type.option, value);
  if ("list" in type) return (value as unknown[]).map((item) => toJson(abi, type.list, item));
  return fieldsToJson(abi, dataOf(abi, type.data).fields, value as Record<string, unknown>);
}

/** The fields of a record, event or error as JSON. */
export function fieldsToJson(
  abi: Abi,
  fields: readonly AbiField[],
  values: Readonly<Record<string, unknown>>,
): Json {
  return Object.fromEntries(
    fields.map(({ name, type }) => [name, toJson(abi, type, values[name])]),
  );
}

function scalarToJson(type: AbiScalar, value: unknown): Json {
  if (isIntegerName(type)) {
    return integerTypes[type].bits >= 64 ? String(value) : Number(value);
  }
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value as Json; // what is left are booleans, numbers and strings
}
