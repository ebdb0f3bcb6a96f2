/**
 * Function types as short text, so that a module's types can be compared with the world's.
 *
 * @module
 */
import type { FunctionType } from "#host/vm/decode/module.ts";
import { valueType } from "#host/vm/decode/opcodes.ts";
import type { Signature } from "#host/vm/world.ts";

const LETTERS: Readonly<Record<number, string>> = {
  [valueType.i32]: "i",
  [valueType.i64]: "I",
  [valueType.f32]: "f",
  [valueType.f64]: "F",
};

/** The signature of a type, or undefined for a type that does not exist. */
export function signatureOf(type: FunctionType | undefined): Signature | undefined {
  if (type === undefined) return undefined;
  return { params: letters(type.params), results: letters(type.results) };
}

function letters(types: readonly number[]): string {
  return types.map((type) => LETTERS[type] ?? "?").join("");
}
