/**
 * A tape of small numbers that a random program is read off, so that a failing one shrinks.
 *
 * @module
 */
export class Tape {
  #at = 0;
  readonly #numbers: readonly number[];

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A number below `below`; 0 for ever once the tape has ended. */
  draw(below: number): number {
    return (this.#numbers[this.#at++] ?? 0) % below;
  }

  /** True once in `times`, never once the tape has ended. */
  once(times: number): boolean {
    return this.draw(times) === times - 1;
  }

  pick<T>(from: readonly T[]): T {
    const item = from[this.draw(from.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  get done(): boolean {
    return this.#at >= this.#numbers.length;
  }
}
