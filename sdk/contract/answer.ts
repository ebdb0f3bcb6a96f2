/**
 * What another contract answered: a value, an error of its own, or that it could not be called.
 *
 * @module
 */
import { decode } from "./codec";
import { control_fail } from "./imports";
import { panic } from "./control";
import { liftString } from "./memory";
import { Reader } from "./reader";

export class Answer<T> {
  /** Whether the method returned. */
  ok: bool;
  /** The name of the `@error` class it failed with; empty if it returned or did not even fail by itself. */
  error: string = "";
  /** The number of the fault that ended it, as in `HRM1NNN` without the first digit; 0 if there is none. */
  fault: u32 = 0;
  private at: usize = 0;
  private length: u32 = 0;

  /** Lifts the result of `contracts.call` at `result`. */
  constructor(
    result: usize,
    private contract: string,
    private method: string,
  ) {
    this.ok = load<u8>(result) == 0;
    if (this.ok) {
      this.at = load<usize>(result, 4);
      this.length = load<u32>(result, 8);
    } else if (load<u8>(result, 4) == 0) {
      this.error = liftString(load<usize>(result, 8), load<u32>(result, 12));
      this.at = load<usize>(result, 16);
      this.length = load<u32>(result, 20);
    } else {
      this.fault = load<u32>(result, 8);
    }
  }

  /** What the method returned; fails the call if it did not. */
  get value(): T {
    this.require();
    return this.read<T>();
  }

  /** Whether it failed with an error of the `@error` class `E`. */
  is<E>(): bool {
    return this.error == nameof<E>();
  }

  /** The error's fields; fails the call if it is another one. */
  as<E>(): E {
    if (!this.is<E>()) panic(this.name() + " did not fail with " + nameof<E>());
    return this.read<E>();
  }

  /** Ends this call with the same error, fields and all: whoever calls gets to see it. */
  rethrow(): void {
    const error = this.error;
    if (error.length > 0)
      control_fail(changetype<usize>(error), error.length, this.at, this.length);
    this.require();
  }

  /** Fails the call unless the method returned. What it says does not tell what the error held. */
  require(): void {
    if (this.ok) return;
    const reason = this.error.length > 0 ? this.error : "HRM1" + this.fault.toString();
    panic(this.name() + " failed: " + reason);
  }

  private name(): string {
    return this.contract + "." + this.method;
  }

  private read<V>(): V {
    const reader = new Reader(this.at, this.length, false);
    const value = decode<V>(reader);
    reader.finish();
    return value;
  }
}
