/**
 * Text for the author of the contract; travels only inside the sealed reply.
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
