/**
 * Test scripts as `wast2json` of wabt and `json-from-wast` of wasm-tools write them.
 *
 * @module
 */
import { readFileSync } from "node:fs";

export interface Value {
  /** A value type, or `either`. */
  readonly type: string;
  /** The bits as a decimal number, or `nan:canonical` and `nan:arithmetic`; any value if absent. */
  readonly value?: string;
  /** The choices of `either`. */
  readonly values?: readonly Value[];
}

export interface Action {
  readonly type: "invoke" | "get";
  readonly module?: string;
  readonly field: string;
  readonly args?: readonly Value[];
}

export interface Command {
  readonly type: string;
  readonly line: number;
  readonly name?: string;
  readonly as?: string;
  /** Of `module_instance`: the name it gets, and the definition it is of. */
  readonly instance?: string;
  readonly module?: string;
  readonly filename?: string;
  readonly binary_filename?: string;
  readonly module_type?: "binary" | "text";
  readonly text?: string;
  readonly action?: Action;
  readonly expected?: readonly Value[];
}

/**
 * The commands of a script; undefined if the file is JSON of another kind.
 *
 * @throws Error if the file cannot be read or is no JSON.
 */
export function readScript(path: string): readonly Command[] | undefined {
  const file: unknown = JSON.parse(readFileSync(path, "utf8"));
  const commands = (file as { commands?: unknown } | null)?.commands;
  if (!Array.isArray(commands)) return undefined;
  return commands.map((command: Partial<Command> | null, index) => ({
    ...command,
    type: String(command?.type),
    line: command?.line ?? index,
  }));
}
