/**
 * Host function `hermetic:contract/logging`: text for whoever calls, cut at a limit.
 *
 * A contract that logs too much goes on, with its log cut: whether it succeeds must not depend on
 * how chatty it is. Every unit is paid, kept or not.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import type { Bind } from "#host/functions/running.ts";

const UNIT_BYTES = 2;
/** What a log entry takes from the budget besides its text, so that empty ones are bounded too. */
const ENTRY_BYTES = 16;
/** Debug, info, warn, error: the WIT enum `level`. */
const LEVELS = 4;

/** `log: func(level: level, text: string)` */
export const loggingLog: Bind =
  (call) =>
  (level: number, pointer: number, length: number): void => {
    const units = length >>> 0;
    call.enter("logging.log", units * UNIT_BYTES);
    if (level >>> 0 >= LEVELS) throw new Fault("ABI_VIOLATION");
    const room = Math.max(0, Math.floor((call.logBudget - ENTRY_BYTES) / UNIT_BYTES));
    const text = call.memory.readCutText(pointer, units, room);
    if (call.logBudget < ENTRY_BYTES) return;
    call.logBudget -= ENTRY_BYTES + text.length * UNIT_BYTES;
    call.logs.push({ level, text });
  };
