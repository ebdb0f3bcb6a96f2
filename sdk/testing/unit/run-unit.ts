/**
 * Runs one unit test that is written in the contracts' own language.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { instantiateSync } from "@assemblyscript/loader";

/**
 * Runs a test in an instance of its own.
 *
 * @param file - Absolute path of the test's file; places in failures are told from its folder.
 * @throws Error at the author's line if an assertion fails, or a `WebAssembly.RuntimeError` for a trap.
 */
export function runUnit(module: WebAssembly.Module, name: string, file: string): void {
  const abort = (message: number, path: number, line: number, column: number): never => {
    const text = textAt(message) || "assertion failed";
    const source = textAt(path);
    const error = new Error(text);
    const place = source.startsWith("~lib/") ? source : resolve(dirname(file), source);
    error.stack = `AssertionError: ${text}\n    at ${name} (${place}:${line}:${column})`;
    throw error;
  };
  // The tester's own code: it needs none of the walls that a contract is run behind.
  const { exports } = instantiateSync<Record<string, () => void>>(module, { env: { abort } });
  const textAt = (pointer: number): string => (pointer === 0 ? "" : exports.__getString(pointer));
  exports["_initialize"]?.();
  const test = exports[name];
  if (test === undefined) throw new Error(`${file} exports no ${name}`);
  test();
}

/** `keepsTheLastCent` as people read it: "keeps the last cent". */
export function titleOf(name: string): string {
  return name
    .replaceAll("_", " ")
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, " ")
    .toLowerCase();
}
