/**
 * Reads and writes of contract memory. The only file that turns a contract's pointer into bytes.
 *
 * Pointers and lengths come from the contract and are hostile. Each region is bounds-checked in
 * arithmetic that cannot wrap, then copied once, so the contract cannot change it between check and
 * use; all copies of a call together are bounded.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { LIFT_BYTES_MAX } from "#protocol/limits.ts";

/** Calls the contract's allocator: alignment and size in bytes, a pointer of any value back. */
export type Allocate = (alignment: number, size: number) => number;

/** Host memory that each lifted region takes besides its bytes. */
const REGION_OVERHEAD_BYTES = 16;
/** UTF-16 units turned into text at a time: few enough to be arguments of one call. */
const TEXT_CHUNK = 4096;

export class GuestMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #allocate: Allocate;
  #buffer: ArrayBuffer;
  #bytes: Uint8Array;
  #view: DataView;
  #liftBudget = LIFT_BYTES_MAX;

  constructor(memory: WebAssembly.Memory, allocate: Allocate) {
    this.#memory = memory;
    this.#allocate = allocate;
    this.#buffer = memory.buffer;
    this.#bytes = new Uint8Array(this.#buffer);
    this.#view = new DataView(this.#buffer);
  }

  /** For another call: what was copied out so far counts no more. */
  renew(): void {
    this.#liftBudget = LIFT_BYTES_MAX;
  }

  /** Bytes of the memory itself, and of all that was copied out of it so far. */
  get heldBytes(): number {
    return this.#current().length + LIFT_BYTES_MAX - this.#liftBudget;
  }

  /**
   * Checks a region and returns its address as an unsigned number.
   *
   * @param pointer - As the contract gave it: any i32.
   * @param size - Bytes, a number that never exceeds 2^33.
   * @param alignment - 1, 2 or 4; the canonical ABI traps on a pointer that is not a multiple.
   * @throws {@link Fault} `MEMORY_OUT_OF_BOUNDS` if the region ends after memory does.
   * @throws {@link Fault} `ABI_VIOLATION` if the pointer is not aligned.
   */
  region(pointer: number, size: number, alignment: number): number {
    const address = pointer >>> 0;
    const bytes = this.#current().length;
    if (address + size > bytes)
      throw new Fault("MEMORY_OUT_OF_BOUNDS", { length: size, limit: bytes });
    if (address % alignment !== 0) throw new Fault("ABI_VIOLATION", { alignment });
    return address;
  }

  /**
   * Copies a list of bytes out of memory.
   *
   * @param length - Any i32, read as unsigned.
   * @throws {@link Fault} `MEMORY_OUT_OF_BOUNDS` if the list ends after memory does.
   * @throws {@link Fault} `LIFT_BUDGET` if the call has copied more than {@link LIFT_BYTES_MAX} in all.
   */
  readBytes(pointer: number, length: number): Uint8Array {
    const size = length >>> 0;
    const address = this.region(pointer, size, 1);
    this.#spend(size);
    return this.#bytes.slice(address, address + size);
  }

  /**
   * As {@link readBytes}, without the copy: to be read before any code of the contract runs again.
   *
   * @throws {@link Fault} as {@link readBytes}.
   */
  viewBytes(pointer: number, length: number): Uint8Array {
    const size = length >>> 0;
    const address = this.region(pointer, size, 1);
    this.#spend(size);
    return this.#bytes.subarray(address, address + size);
  }

  /**
   * Copies a UTF-16 string out of memory.
   *
   * @param units - Any i32, read as unsigned: UTF-16 units, not bytes.
   * @throws {@link Fault} `MEMORY_OUT_OF_BOUNDS` if the string ends after memory does.
   * @throws {@link Fault} `ABI_VIOLATION` if it is misaligned or holds a lone surrogate.
   * @throws {@link Fault} `LIFT_BUDGET` if the call has copied more than {@link LIFT_BYTES_MAX} in all.
   */
  readText(pointer: number, units: number): string {
    const text = this.#readUnits(pointer, units >>> 0, units >>> 0);
    if (!text.isWellFormed()) throw new Fault("ABI_VIOLATION");
    return text;
  }

  /**
   * Copies at most `limit` units of a string that is for people: lone surrogates become U+FFFD.
   *
   * @throws {@link Fault} `MEMORY_OUT_OF_BOUNDS` if the whole string ends after memory does.
   * @throws {@link Fault} `ABI_VIOLATION` if it is misaligned.
   * @throws {@link Fault} `LIFT_BUDGET` if the call has copied more than {@link LIFT_BYTES_MAX} in all.
   */
  readCutText(pointer: number, units: number, limit: number): string {
    return this.#readUnits(pointer, units >>> 0, limit).toWellFormed();
  }

  /** Reads one byte of a region that was checked. */
  u8(address: number): number {
    return this.#view.getUint8(address);
  }

  /** Reads one little-endian word of a region that was checked. */
  u32(address: number): number {
    return this.#view.getUint32(address, true);
  }

  /** Writes a word into a region that was checked; memory never shrinks. */
  setU32(address: number, value: number): void {
    this.#current();
    this.#view.setUint32(address, value, true);
  }

  setU16(address: number, value: number): void {
    this.#current();
    this.#view.setUint16(address, value, true);
  }

  setU8(address: number, value: number): void {
    this.#current();
    this.#view.setUint8(address, value);
  }

  /**
   * Lets the contract allocate, and checks what it answers.
   *
   * @throws {@link Fault} `MEMORY_OUT_OF_BOUNDS` or `ABI_VIOLATION` if the answer is no such region.
   */
  allocate(size: number, alignment: number): number {
    return this.region(this.#allocate(alignment, size), size, alignment);
  }

  /** Copies bytes into memory the contract allocates; returns the address. */
  writeBytes(bytes: Uint8Array): number {
    const address = this.allocate(bytes.length, 1);
    this.#bytes.set(bytes, address);
    return address;
  }

  /** Copies text as UTF-16 into memory the contract allocates; returns the address. */
  writeText(text: string): number {
    const address = this.allocate(text.length * 2, 2);
    const units = new Uint16Array(this.#buffer, address, text.length);
    for (let index = 0; index < text.length; index++) units[index] = text.charCodeAt(index);
    return address;
  }

  /** Views of the buffer as it is now: growth replaces it. */
  #current(): Uint8Array {
    const buffer = this.#memory.buffer;
    if (buffer !== this.#buffer) {
      this.#buffer = buffer;
      this.#bytes = new Uint8Array(buffer);
      this.#view = new DataView(buffer);
    }
    return this.#bytes;
  }

  #spend(bytes: number): void {
    this.#liftBudget -= bytes + REGION_OVERHEAD_BYTES;
    if (this.#liftBudget < 0) throw new Fault("LIFT_BUDGET", { limit: LIFT_BYTES_MAX });
  }

  /** Checks all of a string, copies its first `limit` units. Hosts are little-endian, as Wasm is. */
  #readUnits(pointer: number, units: number, limit: number): string {
    const address = this.region(pointer, units * 2, 2);
    const count = Math.min(units, limit);
    this.#spend(count * 2);
    const source = new Uint16Array(this.#buffer, address, count);
    let text = "";
    for (let start = 0; start < count; start += TEXT_CHUNK) {
      const chunk = source.subarray(start, start + TEXT_CHUNK);
      // Reflect.apply takes a typed array as it is; spreading one goes unit by unit.
      text += Reflect.apply(String.fromCharCode, undefined, chunk) as string;
    }
    return text;
  }
}
