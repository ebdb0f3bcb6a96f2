/**
 * The local declarations of one body: runs of equal types, as they stand before the code.
 *
 * @module
 */
import { MODULE_LOCALS_MAX } from "#protocol/limits.ts";
import { isValueType } from "#host/vm/decode/opcodes.ts";
import type { Reader } from "#host/vm/decode/reader.ts";

/** A run of locals of one type. */
export interface LocalRun {
  readonly count: number;
  readonly type: number;
}

/** Flat, and used again for each body: a hostile one declares every local by itself. */
export class Locals implements Iterable<LocalRun> {
  /** Locals in all, parameters apart. */
  count = 0;
  /** Runs that are not empty. */
  length = 0;
  #counts = new Uint32Array(0);
  #types = new Uint8Array(0);

  /**
   * Reads the declarations at the reader's offset.
   *
   * @throws {@link Fault} `MODULE_MALFORMED` for a type that is none.
   * @throws {@link Fault} `MODULE_LIMIT` for more than {@link MODULE_LOCALS_MAX} runs, or locals in all.
   */
  decode(reader: Reader): void {
    this.count = 0;
    this.length = 0;
    const runs = reader.u32();
    reader.limit("localRuns", runs, MODULE_LOCALS_MAX);
    if (runs > this.#counts.length) {
      this.#counts = new Uint32Array(runs);
      this.#types = new Uint8Array(runs);
    }
    for (let run = 0; run < runs; run++) {
      const count = reader.u32();
      const type = reader.byte();
      if (!isValueType(type)) reader.fail({ value: type });
      this.count += count;
      reader.limit("locals", this.count, MODULE_LOCALS_MAX);
      if (count === 0) continue;
      this.#counts[this.length] = count;
      this.#types[this.length++] = type;
    }
  }

  *[Symbol.iterator](): Iterator<LocalRun> {
    for (let run = 0; run < this.length; run++) {
      yield { count: this.#counts[run] ?? 0, type: this.#types[run] ?? 0 };
    }
  }
}
