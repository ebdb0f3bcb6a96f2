/**
 * Finds methods and records in an ABI by name.
 *
 * @module
 */
import type { Abi, AbiMethod, AbiRecord, MethodKind } from "#protocol/abi.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";

/** @throws {@link HermeticError} `METHOD_UNKNOWN` if the ABI has no such method of that kind. */
export function methodOf(abi: Abi, kind: MethodKind, name: string): AbiMethod {
  const method = abi.methods.find((each) => each.name === name);
  if (method?.kind === kind) return method;
  const found = method === undefined ? "" : `, ${name} is a ${method.kind}`;
  throw clientError("METHOD_UNKNOWN", `${abi.contract} has no ${kind} ${name}${found}`);
}

/** The `@init` method, or nothing when the contract needs none. */
export function initOf(abi: Abi): AbiMethod | undefined {
  return abi.methods.find((method) => method.kind === "init");
}

/** The `@migrate` method, or nothing when upgrading to this code changes no state. */
export function migrateOf(abi: Abi): AbiMethod | undefined {
  return abi.methods.find((method) => method.kind === "migrate");
}

/** @throws {@link HermeticError} `ABI_INVALID` if the ABI names a type it does not define. */
export function dataOf(abi: Abi, name: string): AbiRecord {
  const record = abi.types.find((each) => each.name === name);
  if (record === undefined) throw clientError("ABI_INVALID", `it does not define the type ${name}`);
  return record;
}
