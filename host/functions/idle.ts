/**
 * Instances that have served a call, are as new, and wait for the next: making one costs more than most calls do.
 *
 * @module
 */
import type { CallEnvironment } from "#host/functions/environment.ts";
import { RunningCall } from "#host/functions/running.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";

/** Calls of one contract that overlap are few; more instances than this would only take memory. */
const IDLE_MAX = 4;

const idle = new WeakMap<AdmittedModule, RunningCall[]>();

/** What a call is to run in: an instance that has served another, if there is one. */
export function takeIdle(admitted: AdmittedModule, environment: CallEnvironment): RunningCall {
  const call = idle.get(admitted)?.pop();
  if (call === undefined) return new RunningCall(environment);
  call.renew(environment);
  return call;
}

/** Takes a call that is over: none of its code can ever run again. Nothing of it is left when this returns. */
export function giveBack(admitted: AdmittedModule, call: RunningCall): void {
  const calls = idle.get(admitted) ?? [];
  if (calls.length < IDLE_MAX && call.attached?.restore() === true) {
    call.rest();
    calls.push(call);
    idle.set(admitted, calls);
    return;
  }
  drop(call);
}

/** As {@link giveBack}, but its instance has served its only call. */
export function drop(call: RunningCall): void {
  call.attached?.recycle();
  call.release();
}
