/**
 * Memories of one module, made ready for its next call.
 *
 * Mapping a memory costs the engine more than the rest of an instance. A memory is used again only after
 * a call that is over and did not grow it, and every byte is written there and then: the next call
 * finds what it would find in a new one, and what the last one held is gone as soon as it ended.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";

const PAGE_BYTES = 65_536;
/** Larger memories are not kept: wiping would cost more than a new one does. */
const KEPT_PAGES_MAX = 4;
/** Calls of one contract that overlap are few; more memories than this lie idle. */
const KEPT_MAX = 4;

export class MemoryPool {
  readonly #pages: number;
  readonly #pagesMax: number;
  readonly #free: WebAssembly.Memory[] = [];
  readonly #dataEnd: number;
  /** What a new instance finds where its data is; all else is zero. */
  #image: Uint8Array | undefined;

  /**
   * @param pages - Initial pages (64 KiB) of the module's memory.
   * @param pagesMax - Pages it may reach.
   * @param dataEnd - Bytes from its start that hold all that instantiation writes.
   */
  constructor(pages: number, pagesMax: number, dataEnd = 0) {
    this.#pages = pages;
    this.#pagesMax = pagesMax;
    this.#dataEnd = dataEnd;
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

  /** Sees what instantiation has written, before any code of the instance runs. */
  see(memory: WebAssembly.Memory): void {
    if (this.#image === undefined && this.#isKept(memory)) {
      this.#image = new Uint8Array(memory.buffer).slice(0, this.#dataEnd);
    }
  }

  /**
   * Makes a memory what {@link see} saw.
   *
   * @returns Whether it did: not if it was grown, or is so large that a new one costs less.
   */
  restore(memory: WebAssembly.Memory): boolean {
    const image = this.#image;
    if (image === undefined || !this.#isKept(memory)) return false;
    const bytes = new Uint8Array(memory.buffer);
    bytes.set(image);
    bytes.fill(0, image.length);
    return true;
  }

  /** Takes a memory back from an instance that will never run again. */
  giveBack(memory: WebAssembly.Memory): void {
    if (this.#free.length >= KEPT_MAX || !this.#isKept(memory)) return;
    new Uint8Array(memory.buffer).fill(0);
    this.#free.push(memory);
  }

  #isKept({ buffer }: WebAssembly.Memory): boolean {
    return this.#pages <= KEPT_PAGES_MAX && buffer.byteLength === this.#pages * PAGE_BYTES;
  }
}
