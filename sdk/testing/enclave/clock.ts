/**
 * The world's clock: it stands still until the test moves it.
 *
 * @module
 */

/** Where every world begins: 2030-01-01T00:00:00Z, so that no test depends on today. */
export const START_MS: number = Date.UTC(2030, 0, 1);

export class Clock {
  ms: number;

  constructor(startMs: number) {
    this.ms = startMs;
  }
}
