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
  readonly origin: string;
  readonly connection: Connection;
}

export class Connections {
  /** In the order in which they went to rest. */
  readonly #resting = new Set<Resting>();
  #isOver = false;

  /** The one that rests since last, if there is any. @param origin - Everything that tells two connections apart. */
  take(contract: string, origin: string): Connection | undefined {
    const own = [...this.#resting].filter((each) => {
      return each.contract === contract && each.origin === origin;
    });
    for (const each of own.toReversed()) {
      this.#resting.delete(each);
      each.connection.wake();
      if (each.connection.isFree) return each.connection;
      each.connection.destroy();
    }
    return undefined;
  }

  /** Lets a connection rest, or ends it. */
  keep(contract: string, origin: string, connection: Connection): void {
    if (this.#isOver || !connection.isFree) return connection.destroy();
    const resting = { contract, origin, connection };
    this.#resting.add(resting);
    connection.rest(HTTP_IDLE_MS, () => this.#resting.delete(resting));
    const own = [...this.#resting].filter((each) => each.contract === contract);
    if (own.length > HTTP_IDLE_PER_CONTRACT_MAX) this.#drop(own[0]);
    else if (this.#resting.size > HTTP_IDLE_MAX) this.#drop([...this.#resting][0]);
  }

  dispose(): void {
    this.#isOver = true;
    for (const each of this.#resting) this.#drop(each);
  }

  #drop(resting: Resting | undefined): void {
    if (resting === undefined) return;
    this.#resting.delete(resting);
    resting.connection.destroy();
  }
}
