/**
 * What must be undone when an exchange ends, in reverse order, even what begins after the end.
 *
 * A step that was waiting when the deadline struck goes on for a moment: all it opens is closed at
 * once.
 *
 * @module
 */

export class Cleanup {
  #steps: (() => void)[] | undefined = [];

  add(step: () => void): void {
    if (this.#steps === undefined) step();
    else this.#steps.push(step);
  }

  run(): void {
    const steps = this.#steps ?? [];
    this.#steps = undefined;
    for (const step of steps.toReversed()) step();
  }
}
