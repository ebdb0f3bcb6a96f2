/**
 * Reading decoded values field by field.
 *
 * Every message parser uses one {@link Fields} reader: a value of the wrong type, a missing field or
 * one too many is the same fault, and nothing half-read escapes.
 *
 * @module
 */
import { unpack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";

/** Reads one array from first to last field. */
export class Fields {
  readonly #values: readonly unknown[];
  readonly #code: FaultCode;
  #next = 0;

  constructor(untrustedValue: unknown, code: FaultCode) {
    this.#code = code;
    if (!Array.isArray(untrustedValue)) this.fail();
    this.#values = untrustedValue;
  }

  static parse(untrustedBytes: Uint8Array, code: FaultCode): Fields {
    return new Fields(unpack(untrustedBytes, code), code);
  }

  fail(): never {
    throw new Fault(this.#code, { field: this.#next });
  }

  /** The next field, of any type. */
  any(): unknown {
    if (this.#next >= this.#values.length) this.fail();
    return this.#values[this.#next++];
  }

  /** An integer from 0 to `max`. */
  integer(max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.any();
    if (typeof value !== "number" || !Number.isSafeInteger(value)) this.fail();
    if (value < 0 || value > max) this.fail();
    return value;
  }

  /** A finite number of any kind. */
  number(): number {
    const value = this.any();
    if (typeof value === "bigint") return Number(value);
    if (typeof value !== "number" || !Number.isFinite(value)) this.fail();
    return value;
  }

  boolean(): boolean {
    const value = this.any();
    if (typeof value !== "boolean") this.fail();
    return value;
  }

  /** A copy of a byte string of at most `max` bytes. */
  bytes(max: number): Uint8Array {
    const value = this.any();
    if (!(value instanceof Uint8Array) || value.length > max) this.fail();
    return new Uint8Array(value);
  }

  /** A byte string of exactly `length` bytes. */
  fixed(length: number): Uint8Array {
    const value = this.bytes(length);
    if (value.length !== length) this.fail();
    return value;
  }

  text(max: number): string {
    const value = this.any();
    if (typeof value !== "string" || value.length > max) this.fail();
    return value;
  }

  /** The next field, or nothing when it is nil. */
  optional<T>(read: (fields: Fields) => T): T | undefined {
    if (this.#values[this.#next] === null) {
      this.#next++;
      return undefined;
    }
    return read(this);
  }

  /** An array of at most `max` items, each read by `read`. */
  list<T>(max: number, read: (fields: Fields) => T): T[] {
    const value = this.any();
    if (!Array.isArray(value) || value.length > max) this.fail();
    const items = new Fields(value, this.#code);
    const parsed = value.map(() => read(items));
    items.end();
    return parsed;
  }

  /** A nested array with fields of its own. */
  nested<T>(read: (fields: Fields) => T): T {
    const inner = new Fields(this.any(), this.#code);
    const value = read(inner);
    inner.end();
    return value;
  }

  /** Refuses fields that nobody asked for. */
  end(): void {
    if (this.#next !== this.#values.length) this.fail();
  }
}
