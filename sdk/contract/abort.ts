/**
 * What AssemblyScript calls when an assertion or a plain `throw new Error()` fails.
 *
 * @module
 */
import { control_panic } from "./imports";

export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const text = message ? message : "abort";
  const where = file ? file : "";
  control_panic(
    changetype<usize>(text),
    text.length,
    changetype<usize>(where),
    where.length,
    line,
    column,
  );
  unreachable();
}
