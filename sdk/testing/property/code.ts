/**
 * Calls as TypeScript that can be pasted into a test.
 *
 * @module
 */
import { accountOf, type Caller } from "#sdk/testing/callers.ts";

/** One step of a run. */
export type Step =
  | {
      readonly kind: "call";
      readonly caller: string;
      readonly method: string;
      readonly args: unknown;
    }
  | { readonly kind: "advance"; readonly seconds: number };

const HEX_ACCOUNT = /^[0-9a-f]{64}$/;

export function stepCode(step: Step, callers: readonly Caller[]): string {
  if (step.kind === "advance") return `world.time.advance({ seconds: ${step.seconds} });`;
  const { caller, method, args } = step;
  const given = Object.keys(args as object).length === 0 ? "" : valueCode(args, callers);
  return `await contract.as(${JSON.stringify(caller)}).command${member(method)}(${given});`;
}

/** A value as it is written; accounts of callers by their names. */
export function valueCode(value: unknown, callers: readonly Caller[]): string {
  switch (typeof value) {
    case "bigint":
      return `${value}n`;
    case "string":
      return textCode(value, callers);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "object":
      return objectCode(value, callers);
    default:
      return String(value);
  }
}

function textCode(text: string, callers: readonly Caller[]): string {
  const name = HEX_ACCOUNT.test(text)
    ? callers.find((caller) => typeof caller === "string" && accountOf(caller) === text)
    : undefined;
  return name === undefined ? JSON.stringify(text) : `world.account(${JSON.stringify(name)})`;
}

function objectCode(value: object | null, callers: readonly Caller[]): string {
  if (value === null) return "null";
  if (value instanceof Uint8Array) return `Uint8Array.fromHex(${JSON.stringify(value.toHex())})`;
  if (Array.isArray(value)) return `[${value.map((each) => valueCode(each, callers)).join(", ")}]`;
  const fields = Object.entries(value).map(
    ([name, each]) => `${key(name)}: ${valueCode(each, callers)}`,
  );
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

const isName = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name);

function member(name: string): string {
  return isName(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** `__proto__: value` would set a prototype instead of a field. */
function key(name: string): string {
  if (name === "__proto__") return `["__proto__"]`;
  return isName(name) ? name : JSON.stringify(name);
}
