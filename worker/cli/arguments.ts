/**
 * Arguments of a contract's method from the command line: `--args JSON`, or `name=value` each.
 *
 * @module
 */
import type { AbiField, AbiMethod, AbiType } from "#protocol/abi.ts";
import { argsFromJson, type Abi, type Json } from "#sdk/client/index.ts";
import { usage } from "#worker/cli/usage.ts";
import { WorkerError } from "#worker/error.ts";

/**
 * The arguments as the client takes them.
 *
 * @param json - The value of `--args`.
 * @param pairs - `name=value`; integers, texts and accounts as they are, all else as JSON.
 * @throws {@link WorkerError} `ARGUMENTS_INVALID` or `USAGE`; {@link HermeticError} `VALUE_INVALID`.
 */
export function readArguments(
  abi: Abi,
  method: AbiMethod,
  json: string | undefined,
  pairs: readonly string[],
): unknown {
  if (json !== undefined && pairs.length > 0) {
    throw usage("give arguments by --args or as name=value, not both");
  }
  const value = json === undefined ? fromPairs(method, pairs) : parseJson("--args", json);
  return argsFromJson(abi, method, value);
}

/**
 * The arguments of the method that runs when a contract is made or gets new code; nothing if it has none.
 *
 * @throws {@link WorkerError} `USAGE` for arguments that nothing takes; as {@link readArguments}.
 */
export function readFirstArguments(
  abi: Abi,
  kind: "init" | "migrate",
  json: string | undefined,
  pairs: readonly string[],
): unknown {
  const method = abi.methods.find((each) => each.kind === kind);
  if (method !== undefined) return readArguments(abi, method, json, pairs);
  const isEmpty = json === undefined || Object.keys(Object(parseJson("--args", json))).length === 0;
  if (isEmpty && pairs.length === 0) return undefined;
  throw usage(`${abi.contract} has no @${kind} method, so it takes no arguments`);
}

function fromPairs(method: AbiMethod, pairs: readonly string[]): Json {
  const named = pairs.map((pair): [string, Json] => {
    const at = pair.indexOf("=");
    if (at < 1) throw usage(`${pair} is not name=value`);
    const name = pair.slice(0, at);
    const field = method.inputs.find((input) => input.name === name);
    if (field === undefined) throw usage(`${method.name} has no parameter ${name}${known(method)}`);
    return [name, valueOf(field, pair.slice(at + 1))];
  });
  return Object.fromEntries(named);
}

function known({ inputs }: AbiMethod): string {
  return inputs.length === 0 ? "" : `; it has ${inputs.map(({ name }) => name).join(", ")}`;
}

function valueOf({ name, type }: AbiField, text: string): Json {
  const isOption = typeof type === "object" && "option" in type;
  if (isOption && text === "null") return null;
  const inner: AbiType = isOption ? type.option : type;
  if (typeof inner !== "string" || inner === "bool") return parseJson(name, text);
  if (inner === "f32" || inner === "f64") return Number(text);
  return text;
}

export function parseJson(where: string, text: string): Json {
  try {
    return JSON.parse(text) as Json; // JSON.parse makes nothing else
  } catch (cause) {
    throw new WorkerError("ARGUMENTS_INVALID", { subject: `${where} is not JSON`, cause });
  }
}
