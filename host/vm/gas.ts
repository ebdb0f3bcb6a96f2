/**
 * The gas counter of a running instance, as the host sees it.
 *
 * Host functions charge through it before they act, so work that is done is work that is paid,
 * whatever happens next. The counter may hold less than the call has: a slice, after which a long
 * call lets others run. Where a slice ends changes nothing that the contract can see.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";

/** Any gas amount is an integer below 2^53. */
export function clampGas(untrustedGas: number): number {
  if (!(untrustedGas > 0)) return 0;
  return Math.min(Math.floor(untrustedGas), Number.MAX_SAFE_INTEGER);
}

export class GasCounter {
  readonly #global: WebAssembly.Global;
  readonly #pay: (gas: number) => number;
  /** Gas that the call has beyond the counter. */
  #later = 0;
  /** Gas that was used in this slice by what cannot be suspended. */
  #usedApart = 0;

  /** @param pay - Takes gas from the counter and gives 1, or 0 if it holds less; without it the host does it itself. */
  constructor(global: WebAssembly.Global, pay: (gas: number) => number = () => 0) {
    this.#global = global;
    this.#pay = pay;
  }

  /** Gas left; negative after the contract ran out. */
  get left(): number {
    return this.inSlice + this.#later;
  }

  /** Gives the call `gas`, in one slice. */
  set left(gas: number) {
    this.#later = 0;
    this.#usedApart = 0;
    this.#counter = gas;
  }

  /** Gas left in this slice; negative after its end. */
  get inSlice(): number {
    return Number(this.#global.value);
  }

  /** Whether the contract stopped where its slice ended, not its gas. */
  get isSliceOver(): boolean {
    return this.#later > 0 && this.inSlice < 0;
  }

  /** Starts a slice of `gas`, or of all that is left. */
  slice(gas: number): void {
    this.#usedApart = 0;
    this.#cut(gas);
  }

  /**
   * Runs `run`, which cannot be suspended; what it uses counts for the present slice too.
   *
   * @param gas - What all that runs so may use together until the next slice.
   */
  apart<T>(gas: number, run: () => T): T {
    const { left, inSlice } = this;
    this.#cut(Math.max(0, gas - this.#usedApart));
    const value = run();
    const used = left - this.left;
    this.#usedApart += used;
    this.#cut(Math.max(0, inSlice - used));
    return value;
  }

  /**
   * Takes `gas`, an integer, from what is left.
   *
   * @throws {@link Fault} `OUT_OF_GAS` if less is left; the counter then reads -1.
   */
  charge(gas: number): void {
    if (this.#pay(gas) === 1) return;
    const inSlice = this.inSlice - gas;
    if (inSlice >= 0) {
      this.#counter = inSlice;
      return;
    }
    const left = inSlice + this.#later;
    this.#counter = left < 0 ? -1 : 0;
    this.#later = Math.max(0, left);
    if (left < 0) throw new Fault("OUT_OF_GAS");
  }

  /** Puts into the counter `gas`, or all that is left. */
  #cut(gas: number): void {
    const { left } = this;
    this.#counter = Math.min(left, gas);
    this.#later = left - Math.min(left, gas);
  }

  set #counter(gas: number) {
    this.#global.value = BigInt(gas);
  }
}
