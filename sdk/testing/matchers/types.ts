/**
 * Tells vitest's `expect` of our matchers.
 *
 * @module
 */
import "vitest";

declare module "vitest" {
  // The parameters must be those of vitest's own declaration, used or not.
  interface Matchers<R extends void | Promise<void>, T> {
    /**
     * The call fails with this `@error` class, or with this fault by name or code. Await it.
     *
     * @param args - Fields that matter, by name.
     */
    toFailWith(name: string, args?: Readonly<Record<string, unknown>>): Promise<void>;
    /**
     * The command emits this event. Await it.
     *
     * @param fields - Fields that matter, by name.
     */
    toHaveEmitted(name: string, fields?: Readonly<Record<string, unknown>>): Promise<void>;
    /** The call leaves every contract's state as it was, whether it fails or not. Await it. */
    toChangeNothing(): Promise<void>;
    /** The call uses less gas than this. Await it. */
    toCostLessThan(gas: number | bigint): Promise<void>;
  }
}
