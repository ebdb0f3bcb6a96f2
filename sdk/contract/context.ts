/**
 * Who calls, where and when. In a command every answer is the same on every worker.
 *
 * @module
 */
import { Account } from "./account";
import {
  context_caller,
  context_height,
  context_now,
  context_random,
  context_self,
} from "./imports";
import { RESULT, resultBytes } from "./memory";

export namespace ctx {
  /** The account that signed the call, or the contract that made it; never zero. */
  export function caller(): Account {
    context_caller(RESULT);
    return Account.from(resultBytes());
  }

  /** The account of this contract. */
  export function self(): Account {
    context_self(RESULT);
    return Account.from(resultBytes());
  }

  /** Unix time in seconds. */
  export function now(): u64 {
    return context_now();
  }

  /** Position in the cluster's log. */
  export function height(): u64 {
    return context_height();
  }

  /**
   * `length` unpredictable bytes, at most 1024.
   *
   * @param label - Each label is a stream of its own: how often one is drawn from changes no other.
   */
  export function random(length: u32, label: string = ""): Uint8Array {
    context_random(changetype<usize>(label), label.length, length, RESULT);
    return resultBytes();
  }
}
