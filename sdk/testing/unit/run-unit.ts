/**
 * Runs one unit test that is written in the contracts' own language.
 *
 * @module
 */
import { dirname, resolve } from "node:path";

/** Bytes before a text in memory, where the compiler's runtime keeps its size. */
const SIZE_OFFSET = 4;

/**
 * Runs a test in an instance of its own.
 *
 * @param file - Absolute path of the test's file; places in failures are told from its folder.
 * @throws Error at the author's line if an assertion fails, or a `WebAssembly.RuntimeError` for a trap.
 */
export function runUnit(module: WebAssembly.Module, name: string, file: string): void {
  const abort = (message: number, path: number, line: number, column: number): never => {
    const text = textAt(memory, message) || "assertion failed";
    const source = textAt(memory, path);
    const error = new Error(text);
    const place = source.startsWith("~lib/") ? source : resolve(dirname(file), source);
    error.stack = `AssertionError: ${text}\n    at ${name} (${place}:${line}:${column})`;
    throw error;
  };
  const { exports } = new WebAssembly.Instance(module, { env: { abort } });
  const memory = exports["memory"] as WebAssembly.Memory; // the compiler is told to export it
  const functions = exports as Readonly<Record<string, () => void>>;
  functions["_initialize"]?.();
  const test = functions[name];
  if (test === undefined) throw new Error(`${file} exports no ${name}`);
  test();
}

function textAt({ buffer }: WebAssembly.Memory, pointer: number): string {
  if (pointer === 0) return "";
  const bytes = new DataView(buffer).getUint32(pointer - SIZE_OFFSET, true);
  return new TextDecoder("utf-16le").decode(new Uint8Array(buffer, pointer, bytes));
}

/** `keepsTheLastCent` as people read it: "keeps the last cent". */
export function titleOf(name: string): string {
  return name
    .replaceAll("_", " ")
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, " ")
    .toLowerCase();
}
