/**
 * The gas counter of a running instance, as the host sees it.
 *
 * Host functions charge through it before they act, so work that is done is work that is paid,
 * whatever happens next.
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

  constructor(global: WebAssembly.Global) {
    this.#global = global;
  }

  /** Gas left; negative after the contract ran out. */
  get left(): number {
    return Number(this.#global.value);
  }

  set left(gas: number) {
    this.#global.value = BigInt(gas);
  }

  /**
   * Takes `gas`, an integer, from what is left.
   *
   * @throws {@link Fault} `OUT_OF_GAS` if less is left; the counter then reads -1.
   */
  charge(gas: number): void {
    const left = this.left - gas;
    this.left = left < 0 ? -1 : left;
    if (left < 0) throw new Fault("OUT_OF_GAS");
  }
}
