/**
 * Calls of other contracts. The build writes the typed side; this is what it is made of.
 *
 * A call that fails has changed nothing. `contracts.at` fails with it, `contracts.tryAt` tells of it.
 *
 * @module
 */
import { Account } from "./account";
import { Answer } from "./answer";
import { Arguments } from "./arguments";
import { panic } from "./control";
import { contracts_call, contracts_instantiate, contracts_upgrade } from "./imports";
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

/** SHA-256 of a component. */
const CODE_BYTES: i32 = 32;
const SALT_BYTES_MAX: i32 = 32;

/** What has no other length: said here in words, because the host takes it for a broken contract. */
function checkCode(code: Uint8Array): void {
  if (code.length != CODE_BYTES) panic("the hash of code has 32 bytes");
}

/** Makes a contract; the answer holds its account. */
function make(
  code: Uint8Array,
  salt: Uint8Array,
  args: Arguments | null,
  method: string,
  gas: u64,
): Answer<Account> {
  checkCode(code);
  if (salt.length > SALT_BYTES_MAX) panic("a salt has at most 32 bytes");
  const first = args === null ? new Arguments() : args;
  if (isDefined(__isReentrant)) beforeCall();
  contracts_instantiate(
    code.dataStart,
    code.length,
    salt.dataStart,
    salt.length,
    changetype<usize>(method),
    method.length,
    first.pointer,
    first.length,
    gas != ALL_GAS,
    gas,
    RESULT,
  );
  if (isDefined(__isReentrant)) afterCall();
  if (load<u8>(RESULT) == 0) {
    const account = new Writer();
    memory.copy(account.binary(32), load<usize>(RESULT, 4), 32);
    store<usize>(RESULT, account.pointer, 4);
    store<u32>(RESULT, account.length, 8);
  }
  return new Answer<Account>(RESULT, "contracts", "instantiate");
}

export namespace contracts {
  /**
   * Makes a contract and returns its account. If its `@init` fails, so does this call.
   *
   * @param code - SHA-256 of code that the cluster holds: somebody has uploaded or deployed it. A length that
   *   is not 32 fails the call.
   * @param salt - Tells contracts apart that are made alike; at most 32 bytes.
   * @param method - The `@init` method, if the code has one.
   */
  export function instantiate(
    code: Uint8Array,
    salt: Uint8Array,
    args: Arguments | null = null,
    method: string = "init",
    gas: u64 = u64.MAX_VALUE,
  ): Account {
    return make(code, salt, args, method, gas).value;
  }

  /** {@link instantiate}, but gives an {@link Answer}, which may be a failure. */
  export function tryInstantiate(
    code: Uint8Array,
    salt: Uint8Array,
    args: Arguments | null = null,
    method: string = "init",
    gas: u64 = u64.MAX_VALUE,
  ): Answer<Account> {
    return make(code, salt, args, method, gas);
  }

  /**
   * Gives this contract other code once the command has returned. If the new code fails to take over, the
   * command fails as a whole, and this code goes on serving.
   *
   * @param code - SHA-256 of code that the cluster holds.
   * @param method - The new code's `@migrate` method, if it has one.
   */
  export function upgrade(
    code: Uint8Array,
    args: Arguments | null = null,
    method: string = "migrate",
  ): void {
    checkCode(code);
    const own = args === null ? new Arguments() : args;
    const name = changetype<usize>(method);
    const pointer = own.pointer;
    const length = own.length;
    contracts_upgrade(code.dataStart, code.length, name, method.length, pointer, length, RESULT);
    new Answer<bool>(RESULT, "contracts", "upgrade").require();
  }

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
