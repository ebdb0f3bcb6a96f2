/**
 * Tells vitest's `expect` of our matchers.
 *
 * @module
 */
import "vitest";

/** Matchers about calls of contracts. All of them wait for the call, so await them. */
export interface ContractMatchers {
  /**
   * The call fails with this `@error` class, or with this fault by name or code.
   *
   * @param args - Fields that matter, by name.
   */
  toFailWith(name: string, args?: Readonly<Record<string, unknown>>): Promise<void>;
  /**
   * The command emits this event, or leads to this public event of another contract.
   *
   * @param fields - Fields that matter, by name.
   */
  toHaveEmitted(name: string, fields?: Readonly<Record<string, unknown>>): Promise<void>;
  /** The call leaves every contract's state as it was, whether it fails or not. */
  toChangeNothing(): Promise<void>;
  /** The call uses less gas than this. */
  toCostLessThan(gas: number | bigint): Promise<void>;
  /**
   * An operator cannot tell the two secrets of a {@link secretPair} apart: messages, sizes, order and
   * hosts are equal, the gas of each call nearly, and neither can be read anywhere.
   *
   * @param options - `gasTolerance` is the part by which gas may differ; 0.05 if left out.
   */
  toLookTheSame(options?: { readonly gasTolerance?: number }): Promise<void>;
}

declare module "vitest" {
  // The parameters must be those of vitest's own declaration, used or not.
  interface Matchers<R extends void | Promise<void>, T> extends ContractMatchers {}
}
