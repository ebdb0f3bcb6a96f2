/**
 * What one call of a chain has written, over what the calls further up have.
 *
 * A call sees its callers' writes and those of calls that have returned to it. It hands its own down
 * when it returns, and leaves none when it fails.
 *
 * @module
 */
import { WriteBudget } from "#host/state/budget.ts";
import { Overlay } from "#host/state/overlay.ts";
import type { StateReader, StateWrite } from "#host/state/reader.ts";

/** A contract's address in hexadecimal. */
export type AddressText = string;

export class Layer {
  readonly #below: Layer | undefined;
  readonly #budget: WriteBudget;
  readonly #overlays = new Map<AddressText, Overlay>();

  /** @param below - The caller's layer; the first call of a chain has none. */
  constructor(below?: Layer) {
    this.#below = below;
    this.#budget = below === undefined ? new WriteBudget() : below.#budget;
  }

  /**
   * The state of a contract as this call may read and write it.
   *
   * @param committed - What the contract's state is without this chain.
   */
  overlay(address: AddressText, committed: StateReader): Overlay {
    const own = this.#overlays.get(address);
    if (own !== undefined) return own;
    let below = this.#below;
    while (below !== undefined && !below.#overlays.has(address)) below = below.#below;
    const overlay = new Overlay(below?.overlay(address, committed) ?? committed, this.#budget);
    this.#overlays.set(address, overlay);
    return overlay;
  }

  /** Hands every write to the layer below. Only once nothing writes here any more. */
  commit(): void {
    const below = this.#below;
    if (below === undefined) throw new Error("the first layer has nothing below it");
    for (const [address, overlay] of this.#overlays) {
      const known = below.#overlays.get(address);
      if (known === undefined) below.#overlays.set(address, overlay);
      else known.absorb(overlay);
    }
    this.#overlays.clear();
  }

  /** Forgets every write. */
  revert(): void {
    for (const overlay of this.#overlays.values()) overlay.revert();
    this.#overlays.clear();
  }

  /** Every write, by address and key: the same calls give the same list on every worker. */
  writes(): readonly (readonly [address: AddressText, writes: readonly StateWrite[]])[] {
    return [...this.#overlays]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([address, overlay]) => [address, overlay.writes()]);
  }
}
