/**
 * Whether a contract's value is what a model says: integers of either kind, bytes and numbers by value.
 *
 * @module
 */
import { equalBytes } from "#protocol/bytes.ts";

export function equalValues(actual: unknown, expected: unknown): boolean {
  if (isInteger(actual) && isInteger(expected)) return BigInt(actual) === BigInt(expected);
  if (actual instanceof Uint8Array && expected instanceof Uint8Array) {
    return equalBytes(actual, expected);
  }
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return (
      actual.length === expected.length && actual.every((item, i) => equalValues(item, expected[i]))
    );
  }
  if (!isRecord(actual) || !isRecord(expected)) return Object.is(actual, expected);
  const names = Object.keys(actual);
  return (
    names.length === Object.keys(expected).length &&
    names.every(
      (name) => Object.hasOwn(expected, name) && equalValues(actual[name], expected[name]),
    )
  );
}

function isInteger(value: unknown): value is number | bigint {
  return typeof value === "bigint" || (Number.isInteger(value) && !Object.is(value, -0));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
