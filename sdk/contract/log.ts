/**
 * Text for whoever calls, to find mistakes by: it travels inside the sealed reply, so log nothing that the
 * caller may not know.
 *
 * @module
 */
import { logging_log } from "./imports";

/** The order is that of `logging.level` in the WIT world. */
export enum Level {
  debug,
  info,
  warn,
  error,
}

export function log(level: Level, text: string): void {
  logging_log(level, changetype<usize>(text), text.length);
}
