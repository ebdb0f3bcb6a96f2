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

/** Other code that a contract shall have once the first call of the chain has returned. */
export interface Upgrade {
  /** SHA-256 of the code, 32 bytes. */
  readonly codeHash: Uint8Array;
  /** The `@migrate` method and its encoded arguments; empty for none. */
  readonly method: string;
  readonly args: Uint8Array;
}

export class Layer {
  readonly #below: Layer | undefined;
  readonly #budget: WriteBudget;
  readonly #overlays = new Map<AddressText, Overlay>();
  readonly #upgrades = new Map<AddressText, Upgrade>();

  /** @param below - The caller's layer; the first call of a chain has none. */
  constructor(below?: Layer) {
    this.#below = below;
    this.#budget = below === undefined ? new WriteBudget() : below.#budget;
  }

  /** Bytes that all calls of the chain have written and that are still there, in any layer. */
  get writtenBytes(): number {
    return this.#budget.bytes;
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

  /** What a contract's state is here, if nobody writes to it by that. */
  view(address: AddressText, committed: StateReader): StateReader {
    const own = this.#overlays.get(address);
    return own ?? this.#below?.view(address, committed) ?? committed;
  }

  /** Asks for other code of a contract; what was asked for it before is forgotten. */
  ask(address: AddressText, upgrade: Upgrade): void {
    this.#upgrades.set(address, upgrade);
  }

  /** Takes what was asked for one contract, in the order of addresses. */
  takeUpgrade(): readonly [address: AddressText, upgrade: Upgrade] | undefined {
    const [first] = [...this.#upgrades].sort(([left], [right]) => (left < right ? -1 : 1));
    if (first !== undefined) this.#upgrades.delete(first[0]);
    return first;
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
    for (const [address, upgrade] of this.#upgrades) below.ask(address, upgrade);
    this.#upgrades.clear();
  }

  /** Forgets every write. */
  revert(): void {
    for (const overlay of this.#overlays.values()) overlay.revert();
    this.#overlays.clear();
    this.#upgrades.clear();
  }

  /** Every write, by address and key: the same calls give the same list on every worker. */
  writes(): readonly (readonly [address: AddressText, writes: readonly StateWrite[]])[] {
    return [...this.#overlays]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([address, overlay]) => [address, overlay.writes()]);
  }
}
