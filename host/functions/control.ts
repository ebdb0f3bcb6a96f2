/**
 * Host functions `hermetic:contract/control`: the ways a call ends early. None of them returns.
 *
 * Each throws through the contract's frames. Contracts have no exception instructions, so nothing
 * in between can catch it.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";
import { NAME_LENGTH_MAX, RESULT_BYTES_MAX } from "#protocol/limits.ts";
import { checkLength } from "#host/functions/lengths.ts";
import { CallFailed, type Bind } from "#host/functions/running.ts";

const UNIT_BYTES = 2;
/** UTF-16 units kept of a panic's text and of its file name. */
const PANIC_TEXT_MAX = 1024;
const PANIC_FILE_MAX = 256;
/** In the order of the WIT enum `refusal`. */
const REFUSALS: readonly FaultCode[] = ["METHOD_UNKNOWN", "ARGUMENTS_MALFORMED", "CALLER_REFUSED"];

/** `fail: func(name: string, fields: list<u8>)`: a typed failure. */
export const controlFail: Bind =
  (call) =>
  (namePointer: number, nameLength: number, fieldsPointer: number, fieldsLength: number): never => {
    const units = nameLength >>> 0;
    const length = fieldsLength >>> 0;
    call.enter("control.fail", units * UNIT_BYTES + length);
    checkLength(units, NAME_LENGTH_MAX);
    if (length > RESULT_BYTES_MAX) {
      throw new Fault("RESULT_TOO_LARGE", { length, limit: RESULT_BYTES_MAX });
    }
    const name = call.memory.readText(namePointer, units);
    throw new CallFailed(name, call.memory.readBytes(fieldsPointer, length));
  };

/** `panic: func(text: string, file: string, line: u32, column: u32)`: cut texts, never a fault for their length. */
export const controlPanic: Bind =
  (call) =>
  (
    textPointer: number,
    textLength: number,
    filePointer: number,
    fileLength: number,
    line: number,
    column: number,
  ): never => {
    call.enter("control.panic", ((textLength >>> 0) + (fileLength >>> 0)) * UNIT_BYTES);
    const text = call.memory.readCutText(textPointer, textLength, PANIC_TEXT_MAX);
    const file = call.memory.readCutText(filePointer, fileLength, PANIC_FILE_MAX);
    call.panic = { text, file, line: line >>> 0, column: column >>> 0 };
    throw new Fault("PANIC");
  };

/** `refuse: func(reason: refusal)`: the dispatcher turns the call away. */
export const controlRefuse: Bind =
  (call) =>
  (reason: number): never => {
    call.enter("control.refuse", 0);
    throw new Fault(REFUSALS[reason >>> 0] ?? "ABI_VIOLATION");
  };
