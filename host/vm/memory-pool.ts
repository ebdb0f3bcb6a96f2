/**
 * Memories of one module, wiped and ready for its next call.
 *
 * Mapping a memory costs the engine more than the rest of an instance. A memory is taken back only from
 * a call that is over and did not grow it, and every byte is set to zero there and then: the next call
 * finds what a new one would hold, and what the last one held is gone as soon as it ended.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";

const PAGE_BYTES = 65_536;
/** Larger memories are not kept: wiping would cost more than a new one does. */
const KEPT_PAGES_MAX = 4;
/** Calls of one contract that overlap are few; more memories than this lie idle. */
const KEPT_MAX = 8;

export class MemoryPool {
  readonly #pages: number;
  readonly #pagesMax: number;
  readonly #free: WebAssembly.Memory[] = [];

  /** @param pages - Initial pages (64 KiB) of the module's memory. @param pagesMax - Pages it may reach. */
  constructor(pages: number, pagesMax: number) {
    this.#pages = pages;
    this.#pagesMax = pagesMax;
  }

  /**
   * A memory of zeros that nobody else holds.
   *
   * @throws {@link Fault} `MEMORY_EXHAUSTED` if the engine has none left.
   */
  take(): WebAssembly.Memory {
    const kept = this.#free.pop();
    if (kept !== undefined) return kept;
    try {
      return new WebAssembly.Memory({ initial: this.#pages, maximum: this.#pagesMax });
    } catch (error) {
      if (error instanceof RangeError) throw new Fault("MEMORY_EXHAUSTED");
      throw error;
    }
  }

  /** Takes a memory back from an instance that will never run again. */
  giveBack(memory: WebAssembly.Memory): void {
    const { buffer } = memory;
    const isKept = this.#pages <= KEPT_PAGES_MAX && this.#free.length < KEPT_MAX;
    if (!isKept || buffer.byteLength !== this.#pages * PAGE_BYTES) return;
    new Uint8Array(buffer).fill(0);
    this.#free.push(memory);
  }
}
