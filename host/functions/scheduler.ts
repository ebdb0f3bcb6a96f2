/**
 * Host functions `hermetic:contract/scheduler`: calls of the contract's own methods at heights to come.
 *
 * Whoever plans a call pays its gas limit now, so that a chain of calls that plan each other ends. One
 * that comes again is paid once; from then on a contract's share of the timetable bounds it.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import {
  NAME_LENGTH_MAX,
  SCHEDULED_ARGUMENT_BYTES_MAX,
  SCHEDULED_GAS_MAX,
} from "#protocol/limits.ts";
import type { Scheduler } from "#host/functions/environment.ts";
import type { Bind, RunningCall } from "#host/functions/running.ts";

/** `plan: func(height, every, method, args, gas) -> u64`; `SCHEDULE_LIMIT` over any of its limits. */
export const schedulerPlan: Bind =
  (call) =>
  (
    height: bigint,
    every: bigint,
    methodPointer: number,
    methodLength: number,
    argsPointer: number,
    argsLength: number,
    gas: bigint,
  ): bigint => {
    const [units, length] = [methodLength >>> 0, argsLength >>> 0];
    call.enter("scheduler.plan", units * 2 + length);
    limited(units, NAME_LENGTH_MAX);
    limited(length, SCHEDULED_ARGUMENT_BYTES_MAX);
    const gasLimit = limited(whole(gas), SCHEDULED_GAS_MAX);
    call.gas.charge(gasLimit);
    // The present height is under way: the next one is the first that can be.
    const first = Number(call.environment.height) + 1;
    const plan = {
      height: Math.max(first, limited(whole(height), Number.MAX_SAFE_INTEGER / 2)),
      every: limited(whole(every), Number.MAX_SAFE_INTEGER / 4),
      method: call.memory.readText(methodPointer, units),
      args: call.memory.readBytes(argsPointer, length),
      gasLimit,
    };
    return BigInt(schedulerOf(call).plan(plan));
  };

/** `cancel: func(id: u64) -> bool` */
export const schedulerCancel: Bind =
  (call) =>
  (id: bigint): number => {
    call.enter("scheduler.cancel", 0);
    return schedulerOf(call).cancel(whole(id)) ? 1 : 0;
  };

/** An unsigned 64-bit number; what JavaScript cannot count to is the most it can. */
function whole(value: bigint): number {
  return Math.min(Number(BigInt.asUintN(64, value)), Number.MAX_SAFE_INTEGER);
}

function limited(value: number, limit: number): number {
  if (value > limit) throw new Fault("SCHEDULE_LIMIT", { value, limit });
  return value;
}

function schedulerOf({ environment }: RunningCall): Scheduler {
  if (environment.scheduler === undefined) throw new Fault("MODE_REFUSED");
  return environment.scheduler;
}
