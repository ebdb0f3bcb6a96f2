/**
 * The uploaded side of a body that is being rewritten: stretches of it are copied, raised or left out.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import type { OffsetMap } from "#host/vm/meter/offsets.ts";
import type { Writer } from "#host/vm/meter/writer.ts";

/** An instruction with a one-byte index is two bytes; so large may that index become. */
const ONE_BYTE_MAX = 0x7f;

export class Source {
  readonly #bytes: Uint8Array;
  readonly #code: Writer;
  #body!: Body;
  /** Offset up to which the upload was dealt with. */
  #copied = 0;
  /** Offsets behind it whose byte is raised when it is copied, all by the same amount. */
  readonly #raised: number[] = [];
  #raisedCount = 0;
  #raisedBy = 0;
  #runs: number[] = [];

  constructor(bytes: Uint8Array, code: Writer) {
    this.#bytes = bytes;
    this.#code = code;
  }

  begin(body: Body): void {
    this.#body = body;
    this.#copied = body.offset[0] ?? 0;
    this.#raisedCount = 0;
    this.#runs = [];
  }

  /** Copies everything up to the start of instruction `index`. */
  copyTo(index: number): void {
    const end = this.#body.offset[index] ?? 0;
    const start = this.#copied;
    if (end <= start) return;
    const written = this.#code.length;
    this.#runs.push(written, start, end - start);
    this.#code.copy(this.#bytes, start, end);
    for (let at = 0; at < this.#raisedCount; at++) {
      this.#code.raise(written + (this.#raised[at] ?? 0) - start, this.#raisedBy);
    }
    this.#raisedCount = 0;
    this.#copied = end;
  }

  /** Leaves out what is not copied yet up to the start of instruction `index`. */
  skipTo(index: number): void {
    this.#copied = this.#body.offset[index] ?? 0;
  }

  /** Raises the index that instruction `index` has for an immediate, unless it was left out. `by` is the same all through a body. */
  raise(index: number, by: number): void {
    const start = this.#body.offset[index] ?? 0;
    if (start < this.#copied) return;
    const value = (this.#body.value[index] ?? 0) + by;
    if (value <= ONE_BYTE_MAX && (this.#body.offset[index + 1] ?? 0) === start + 2) {
      this.#raised[this.#raisedCount++] = start + 1;
      this.#raisedBy = by;
      return;
    }
    this.copyTo(index);
    this.#code.byte(this.#body.opcode[index] ?? 0).u32(value);
    this.skipTo(index + 1);
  }

  /** Tells `offsets` what was copied where; the code stands at `base` now. */
  report(base: number, offsets: OffsetMap | undefined): void {
    if (offsets === undefined) return;
    const runs = this.#runs;
    for (let at = 0; at < runs.length; at += 3) {
      offsets.add(base + (runs[at] ?? 0), runs[at + 1] ?? 0, runs[at + 2] ?? 0);
    }
  }
}
