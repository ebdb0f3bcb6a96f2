/**
 * `toFailWith`: a call must fail, with that error and no other.
 *
 * @module
 */
import type { MatcherState } from "vitest";
import { ContractError } from "#sdk/client/errors/contract-error.ts";
import { includes, type Verdict } from "#sdk/testing/matchers/matcher.ts";
import { namesOf, settle } from "#sdk/testing/matchers/received.ts";

/** @param name - An `@error` class, a fault such as `OUT_OF_GAS`, or its code such as `HRM1301`. */
export async function toFailWith(
  this: MatcherState,
  received: unknown,
  name: string,
  args?: Readonly<Record<string, unknown>>,
): Promise<Verdict> {
  const settled = await settle(received);
  const wanted = describe(name, args);
  if (settled.kind === "returned") {
    const value = this.utils.stringify(resultValue(settled.value));
    return { pass: false, message: () => `expected ${wanted}, but the call returned ${value}` };
  }
  const { error } = settled;
  const isNamed = namesOf(error).includes(name);
  const actual = error instanceof ContractError ? error.args : error.facts;
  const pass = isNamed && (args === undefined || includes(this, actual, args));
  const found = isNamed
    ? `${name} with other fields`
    : `${namesOf(error).at(-1)}: ${error.message}`;
  return {
    pass,
    message: () =>
      pass ? `expected anything but ${wanted}` : `expected ${wanted}, but got ${found}`,
    ...(isNamed && args !== undefined ? { actual, expected: args } : {}),
  };
}

function describe(name: string, args: Readonly<Record<string, unknown>> | undefined): string {
  const fields = Object.keys(args ?? {});
  return fields.length === 0 ? name : `${name} { ${fields.join(", ")} }`;
}

function resultValue(value: unknown): unknown {
  const isResult = typeof value === "object" && value !== null && "proof" in value;
  return isResult && "value" in value ? value.value : value;
}
