/**
 * Host functions `hermetic:contract/context`: who calls, where and when.
 *
 * In a command every value comes from the log entry, so that all workers see the same.
 *
 * @module
 */
import { RANDOM_BYTES_MAX } from "#protocol/limits.ts";
import { readLabel } from "#host/functions/label.ts";
import { checkLength } from "#host/functions/lengths.ts";
import { writeList } from "#host/functions/results.ts";
import type { Bind } from "#host/functions/running.ts";

/** `caller: func() -> list<u8>` */
export const contextCaller: Bind =
  (call) =>
  (result: number): void => {
    const { caller } = call.environment;
    call.enter("context.caller", caller.length);
    writeList(call.memory, result, caller);
  };

/** `self: func() -> list<u8>` */
export const contextSelf: Bind =
  (call) =>
  (result: number): void => {
    const { self } = call.environment;
    call.enter("context.self", self.length);
    writeList(call.memory, result, self);
  };

/** `now: func() -> u64` */
export const contextNow: Bind = (call) => (): bigint => {
  call.enter("context.now", 0);
  return call.environment.nowSeconds;
};

/** `height: func() -> u64` */
export const contextHeight: Bind = (call) => (): bigint => {
  call.enter("context.height", 0);
  return call.environment.height;
};

/**
 * `random: func(label: string, length: u32) -> list<u8>`
 *
 * `REGION_TOO_LARGE` over {@link RANDOM_BYTES_MAX} or for a label over its limit.
 */
export const contextRandom: Bind =
  (call) =>
  (labelPointer: number, labelLength: number, untrustedLength: number, result: number): void => {
    const length = untrustedLength >>> 0;
    call.enter("context.random", length + (labelLength >>> 0));
    checkLength(length, RANDOM_BYTES_MAX);
    const label = readLabel(call.memory, labelPointer, labelLength);
    // The host draws under labels of its own, which do not begin so.
    writeList(call.memory, result, call.environment.random(length, `contract/${label}`));
  };
