/**
 * What generated code calls. Contracts import `hermetic/contract`; only the build names this file.
 *
 * @module
 */
import { ctx } from "./context";
import { CALLER_REFUSED, METHOD_UNKNOWN, refuse } from "./control";
import { Account } from "./account";
import { encode } from "./codec";
import { Reader } from "./reader";
import { returnRegion } from "./memory";
import { Writer } from "./writer";

export { abort } from "./abort";
export { Account } from "./account";
export { Answer } from "./answer";
export { Cell } from "./cell";
export { decode, encode } from "./codec";
export { Target } from "./contracts";
export { fail } from "./control";
export { partEnd, putPart, takePart } from "./key-parts";
export { cabi_realloc, liftString } from "./memory";
export { Reader } from "./reader";
export { guard, Reentrant } from "./reentry";
export { planCall, repeat } from "./schedule";
export { Writer } from "./writer";

/** Starts reading a call's arguments: an array of exactly `count` values. */
export function openArguments(reader: Reader, count: u32): void {
  reader.openExactly(count);
}

export function readerOf(pointer: usize, length: u32): Reader {
  return new Reader(pointer, length, true);
}

/** Ends reading a call's arguments. */
export function closeArguments(reader: Reader): void {
  reader.close();
  reader.finish();
}

/** Refuses every caller but `allowed`. */
export function requireCaller(allowed: Account): void {
  if (ctx.caller() != allowed) refuse(CALLER_REFUSED);
}

/** Refuses every caller but the cluster itself, which calls planned methods as the contract. */
export function requirePlanned(): void {
  requireCaller(ctx.self());
}

/** Encodes a result and hands it to the host. */
export function returnValue<T>(value: T): usize {
  const writer = new Writer();
  encode<T>(writer, value);
  return returnRegion(writer.pointer, writer.length);
}

/** Hands the result of a method without one to the host. */
export function returnNothing(): usize {
  const writer = new Writer();
  writer.nil();
  return returnRegion(writer.pointer, writer.length);
}

/** No method of this name and kind. Never returns. */
export function refuseMethod(): usize {
  refuse(METHOD_UNKNOWN);
  return 0;
}
