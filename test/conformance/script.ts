/**
 * Test scripts as `wast2json` writes them.
 *
 * @module
 */
import { readFileSync } from "node:fs";

export interface Value {
  readonly type: string;
  /** The bits as an unsigned decimal number, or `nan:canonical` and `nan:arithmetic`. */
  readonly value?: string;
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
  readonly filename?: string;
  readonly module_type?: "binary" | "text";
  readonly text?: string;
  readonly action?: Action;
  readonly expected?: readonly Value[];
}

export interface Script {
  readonly commands: readonly Command[];
}

export function readScript(path: string): Script {
  return JSON.parse(readFileSync(path, "utf8")) as Script;
}
