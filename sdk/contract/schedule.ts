/**
 * Calls of the contract's own methods at heights to come, made by the cluster itself.
 *
 * A height is a place in the log, not a time: heights pass as commands come. A planned call sees the
 * contract as its caller, cannot fetch from the web, and is not tried again when it fails.
 *
 * @module
 */
import { ctx } from "./context";
import { scheduler_cancel, scheduler_plan } from "./imports";
import { Writer } from "./writer";

/** What a planned call may use unless it says otherwise; at most 50,000,000. */
const GAS: u64 = 5_000_000;

/** MessagePack of an empty array. */
const NO_ARGUMENTS: u8 = 0x90;

function plan(height: u64, every: u64, method: string, gas: u64): u64 {
  const args = new Uint8Array(1);
  args[0] = NO_ARGUMENTS;
  const name = changetype<usize>(method);
  return scheduler_plan(height, every, name, method.length, args.dataStart, 1, gas);
}

export namespace schedule {
  /** Plans a call of a `@scheduled` method or a command without parameters. Returns its number. */
  export function at(height: u64, method: string, gas: u64 = GAS): u64 {
    return plan(height, 0, method, gas);
  }

  /** Plans a call so many heights from now. Returns its number. */
  export function after(heights: u64, method: string, gas: u64 = GAS): u64 {
    return plan(ctx.height() + heights, 0, method, gas);
  }

  /**
   * The contract's own commands and `@scheduled` methods, each of which plans its call with the arguments
   * that it is given, and returns its number. `T` is the `@contract` class itself.
   */
  export function call<T>(height: u64, gas: u64 = GAS): T {
    ERROR("schedule.call() takes the class of a contract");
    return changetype<T>(0);
  }

  /** Takes a planned call back. Returns whether it was still to come. */
  export function cancel(id: u64): bool {
    return scheduler_cancel(id);
  }
}

/** What the methods of {@link schedule.call} do; the build writes them. */
export function planCall(height: u64, method: string, args: Writer, gas: u64): u64 {
  const name = changetype<usize>(method);
  const limit = gas == 0 ? GAS : gas;
  return scheduler_plan(height, 0, name, method.length, args.pointer, args.length, limit);
}

/** Plans the runs of an `@every` method; the build calls it when the code begins to serve. */
export function repeat(method: string, heights: u64, gas: u64): void {
  plan(ctx.height() + heights, heights, method, gas == 0 ? GAS : gas);
}
