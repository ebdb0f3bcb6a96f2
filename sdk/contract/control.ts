/**
 * The ways a call ends early. None of them returns: the host unwinds, and should it not, the
 * instruction after it traps.
 *
 * What these functions say travels only inside the sealed reply.
 *
 * @module
 */
import { control_fail, control_panic, control_refuse } from "./imports";
import { Writer } from "./writer";

/** Why the dispatcher refuses a call; the order is that of `control.refusal` in the WIT world. */
export const METHOD_UNKNOWN: i32 = 0;
export const ARGUMENTS_MALFORMED: i32 = 1;
export const CALLER_REFUSED: i32 = 2;

export function refuse(reason: i32): void {
  control_refuse(reason);
  unreachable();
}

/** Ends the call as a bug of the contract. */
export function panic(text: string): void {
  control_panic(changetype<usize>(text), text.length, 0, 0, 0, 0);
  unreachable();
}

/** Ends the call as a typed failure; `throw new X()` of an `@error` class becomes this. */
export function fail<T>(error: T): void {
  const name = nameof<T>();
  const writer = new Writer();
  // @ts-ignore: the build gives every `@error` class this method
  error.__encode(writer);
  control_fail(changetype<usize>(name), name.length, writer.pointer, writer.length);
  unreachable();
}
