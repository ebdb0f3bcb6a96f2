/**
 * Calls of other contracts. The build writes the typed side; this is what it is made of.
 *
 * A call that fails has changed nothing. `contracts.at` fails with it, `contracts.tryAt` tells of it.
 *
 * @module
 */
import { Account } from "./account";
import { Answer } from "./answer";
import { contracts_call } from "./imports";
import { afterCall, beforeCall } from "./reentry";
import { Writer } from "./writer";

/** Where the host leaves a call's result: 24 bytes. */
const RESULT: usize = memory.data(24, 4);

/** Stands for as much gas as the caller can spare. */
const ALL_GAS: u64 = u64.MAX_VALUE;

/** Another contract, and the gas that each call of it may use. */
export class Target {
  constructor(
    private address: Account,
    private gas: u64,
  ) {}

  /**
   * Makes a call.
   *
   * @param kind - 0 for a command, 1 for a query.
   * @param args - The encoded array of arguments.
   * @param contract - The class, for messages.
   */
  call<T>(kind: u32, contract: string, method: string, args: Writer): Answer<T> {
    if (isDefined(__isReentrant)) beforeCall();
    contracts_call(
      changetype<usize>(this.address),
      32,
      kind,
      changetype<usize>(method),
      method.length,
      args.pointer,
      args.length,
      this.gas != ALL_GAS,
      this.gas,
      RESULT,
    );
    if (isDefined(__isReentrant)) afterCall();
    return new Answer<T>(RESULT, contract, method);
  }
}

/** What a command gives, in an interface that describes another contract: `pay(to: Account): Command<void>`. */
export type Command<T> = T;

/** What a query gives, in an interface that describes another contract. */
export type Query<T> = T;

export namespace contracts {
  /**
   * The contract at an address, with the methods of the class `T`. If one of them fails, so does this call.
   *
   * @param gas - What each call may use; everything that can be spared if left out.
   */
  export function at<T>(address: Account, gas: u64 = u64.MAX_VALUE): T {
    ERROR("contracts.at() takes the class of a contract");
    return changetype<T>(0);
  }

  /** {@link at}, but each method gives an {@link Answer}, which may be a failure. */
  export function tryAt<T>(address: Account, gas: u64 = u64.MAX_VALUE): T {
    ERROR("contracts.at() takes the class of a contract");
    return changetype<T>(0);
  }
}
