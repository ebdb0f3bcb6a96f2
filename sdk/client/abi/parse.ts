/**
 * Reads an ABI from JSON, for instance out of an artefact or a file.
 *
 * @module
 */
import type { Abi, AbiField, AbiMethod, AbiRecord, AbiType } from "#protocol/abi.ts";
import { DECODE_DEPTH_MAX } from "#protocol/limits.ts";
import { isIntegerName } from "#sdk/client/abi/integers.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";

const otherScalars: ReadonlySet<string> = new Set([
  "bool",
  "f32",
  "f64",
  "string",
  "bytes",
  "account",
]);

type Loose = Readonly<Record<string, unknown>>;

function refuse(problem: string): never {
  throw clientError("ABI_INVALID", problem);
}

/**
 * Checks that a value is an ABI whose types are all defined.
 *
 * @throws {@link HermeticError} `ABI_INVALID`.
 */
export function parseAbi(value: unknown): Abi {
  const abi = object(value, "it");
  if (abi["abi"] !== 1) refuse("it is not of version 1");
  text(abi["contract"], "contract");
  const types = list(abi["types"], "types").map((each, i) => record(each, `types[${i}]`));
  const names = new Set(types.map(({ name }) => name));
  for (const each of types) fields(each.fields, each.name, names);
  for (const group of ["events", "errors"]) {
    for (const [i, each] of list(abi[group], group).entries()) {
      const { name, fields: own } = record(each, `${group}[${i}]`);
      fields(own, name, names);
    }
  }
  for (const [i, each] of list(abi["methods"], "methods").entries()) {
    method(each, `methods[${i}]`, names);
  }
  list(abi["state"], "state");
  return value as Abi; // every part that the client reads has been checked
}

/** @throws {@link HermeticError} `ABI_INVALID` if the text is not JSON either. */
export function parseAbiText(json: string): Abi {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    refuse("it is not JSON");
  }
  return parseAbi(value);
}

function object(value: unknown, path: string): Loose {
  if (typeof value !== "object" || value === null) refuse(`${path} is not an object`);
  return value as Loose; // any object may be read by key
}

function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) refuse(`${path} is not a list`);
  return value;
}

function text(value: unknown, path: string): string {
  if (typeof value !== "string" || value === "") refuse(`${path} is not a name`);
  return value;
}

function record(value: unknown, path: string): AbiRecord {
  const each = object(value, path);
  const name = text(each["name"], `${path}.name`);
  return { name, fields: list(each["fields"], `${path}.fields`) as readonly AbiField[] };
}

function fields(values: readonly unknown[], path: string, names: ReadonlySet<string>): void {
  const seen = new Set<string>();
  for (const [i, value] of values.entries()) {
    const each = object(value, `${path}[${i}]`);
    const name = text(each["name"], `${path}[${i}].name`);
    if (seen.has(name)) refuse(`${path} has ${name} twice`);
    seen.add(name);
    type(each["type"], `${path}.${name}`, names, 0);
  }
}

function method(value: unknown, path: string, names: ReadonlySet<string>): void {
  const each = object(value, path) as Partial<AbiMethod>;
  const name = text(each.name, `${path}.name`);
  if (!["init", "migrate", "command", "query", "scheduled"].includes(String(each.kind)))
    refuse(`${name} has no kind`);
  fields(list(each.inputs, `${name}.inputs`), name, names);
  if (each.output !== null) type(each.output, `${name}'s result`, names, 0);
}

function type(value: unknown, path: string, names: ReadonlySet<string>, depth: number): void {
  if (depth > DECODE_DEPTH_MAX) refuse(`${path} is nested too deeply`);
  if (typeof value === "string") {
    if (!isIntegerName(value) && !otherScalars.has(value)) refuse(`${path} has no known type`);
    return;
  }
  const each = object(value, path) as Partial<Record<"list" | "option" | "data", AbiType>>;
  if (each.list !== undefined) type(each.list, path, names, depth + 1);
  else if (each.option !== undefined) {
    if (typeof each.option === "object" && "option" in each.option) {
      refuse(`${path} is an option of an option`);
    }
    type(each.option, path, names, depth + 1);
  } else if (typeof each.data !== "string" || !names.has(each.data)) {
    refuse(`${path} has a type that is not defined`);
  }
}
