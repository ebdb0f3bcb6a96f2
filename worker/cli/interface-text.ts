/**
 * A contract's ABI as text for people: methods with their parameters and documentation.
 *
 * @module
 */
import type { AbiField, AbiMethod, AbiType } from "#protocol/abi.ts";
import type { Abi } from "#sdk/client/index.ts";
import { shown } from "#worker/cli/terminal.ts";

function typeText(type: AbiType): string {
  if (typeof type === "string") return type;
  if ("list" in type) return `${typeText(type.list)}[]`;
  if ("option" in type) return `${typeText(type.option)} | null`;
  return shown(type.data);
}

function fieldText({ name, type }: AbiField): string {
  return `${shown(name)}: ${typeText(type)}`;
}

/** `command bid(amount: u64)` and, where there is one, the first line of its documentation. */
export function methodLines(method: AbiMethod): string[] {
  const { kind, name, inputs, output, only, every, doc } = method;
  const result = output === null ? "" : `: ${typeText(output)}`;
  const guard = only === undefined ? "" : `   only ${shown(only)}`;
  const pace = every === undefined ? "" : `   every ${every} heights`;
  const signature = `${kind} ${shown(name)}(${inputs.map(fieldText).join(", ")})${result}${guard}${pace}`;
  const [summary] = (doc ?? "").split("\n");
  return summary === undefined || summary === ""
    ? [signature]
    : [signature, `    ${shown(summary)}`];
}

/** @param kind - Only methods of that kind. */
export function interfaceLines(abi: Abi, kind?: AbiMethod["kind"]): string[] {
  const methods = abi.methods.filter((method) => kind === undefined || method.kind === kind);
  const records = kind === undefined ? [...abi.events, ...abi.errors] : [];
  return [
    shown(abi.contract),
    ...methods.flatMap(methodLines).map((line) => `  ${line}`),
    ...records.map(
      ({ name, fields }) => `  ${shown(name)} { ${fields.map(fieldText).join(", ")} }`,
    ),
  ];
}
