/**
 * Connections that rest between exchanges.
 *
 * They are kept for each contract and origin alone: what one contract has told a server, or was told, never
 * meets another contract. How many rest, and for how long, is bounded; the ones that rest longest go first.
 *
 * @module
 */
import { HTTP_IDLE_MAX, HTTP_IDLE_MS, HTTP_IDLE_PER_CONTRACT_MAX } from "#protocol/limits.ts";
import type { Connection } from "./connection.ts";

interface Resting {
  readonly contract: string;
  readonly place: string;
  readonly connection: Connection;
}

export class Connections {
  /** In the order in which they went to rest. */
  readonly #resting = new Set<Resting>();
  /** The same, of each contract. */
  readonly #byContract = new Map<string, Set<Resting>>();
  /** The same, of each contract and origin; the one that rests since last is taken first. */
  readonly #byPlace = new Map<string, Resting[]>();
  #isOver = false;

  /** The one that rests since last, if there is any. @param origin - Everything that tells two connections apart. */
  take(contract: string, origin: string): Connection | undefined {
    const place = `${contract} ${origin}`;
    for (;;) {
      const resting = this.#byPlace.get(place)?.at(-1);
      if (resting === undefined) return undefined;
      this.#forget(resting);
      const { connection } = resting;
      connection.wake();
      if (connection.isFree) return connection;
      connection.destroy();
    }
  }

  /** Lets a connection rest, or ends it. */
  keep(contract: string, origin: string, connection: Connection): void {
    if (this.#isOver || !connection.isFree) return connection.destroy();
    const resting = { contract, place: `${contract} ${origin}`, connection };
    const own = this.#byContract.get(contract) ?? new Set();
    const there = this.#byPlace.get(resting.place) ?? [];
    this.#byContract.set(contract, own.add(resting));
    this.#byPlace.set(resting.place, there);
    this.#resting.add(resting);
    there.push(resting);
    connection.rest(HTTP_IDLE_MS, () => this.#forget(resting));
    if (own.size > HTTP_IDLE_PER_CONTRACT_MAX) this.#dropFirst(own);
    else if (this.#resting.size > HTTP_IDLE_MAX) this.#dropFirst(this.#resting);
  }

  dispose(): void {
    this.#isOver = true;
    while (this.#resting.size > 0) this.#dropFirst(this.#resting);
  }

  #dropFirst(some: ReadonlySet<Resting>): void {
    const [first] = some;
    if (first === undefined) return;
    this.#forget(first);
    first.connection.destroy();
  }

  #forget(resting: Resting): void {
    if (!this.#resting.delete(resting)) return;
    const { contract, place } = resting;
    const own = this.#byContract.get(contract);
    own?.delete(resting);
    if (own?.size === 0) this.#byContract.delete(contract);
    const there = this.#byPlace.get(place) ?? [];
    const at = there.lastIndexOf(resting);
    if (at >= 0) there.splice(at, 1);
    if (there.length === 0) this.#byPlace.delete(place);
  }
}
