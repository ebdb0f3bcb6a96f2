/**
 * Keys in byte order, for walks over a stretch of state.
 *
 * Runs of a few hundred keys each: a key is found by two binary searches and put in by moving at most one
 * run, so that neither a large state nor a hostile order of insertions costs more than microseconds.
 *
 * @module
 */
import { compareKeys, type KeyText } from "#host/state/key.ts";
import type { Stretch } from "#host/state/stretch.ts";

/** Keys in a run before it is cut in two. */
const RUN_MAX = 512;

export class OrderedKeys {
  /** No run is empty; all keys of a run come before those of the next. */
  readonly #runs: KeyText[][] = [];

  /** @param keys - In any order, each once. */
  constructor(keys: Iterable<KeyText> = []) {
    const sorted = [...keys].sort(compareKeys);
    for (let start = 0; start < sorted.length; start += RUN_MAX) {
      this.#runs.push(sorted.slice(start, start + RUN_MAX));
    }
  }

  /** Puts in a key that is not there. */
  add(key: KeyText): void {
    const at = Math.max(0, this.#runOf(key));
    const run = this.#runs[at];
    if (run === undefined) {
      this.#runs.push([key]);
      return;
    }
    run.splice(firstFrom(run, key), 0, key);
    // Keys that come in order leave full runs behind.
    const isLast = at === this.#runs.length - 1 && run.at(-1) === key;
    if (run.length > RUN_MAX) {
      this.#runs.splice(at + 1, 0, run.splice(isLast ? RUN_MAX : RUN_MAX / 2));
    }
  }

  /** Takes out a key that is there. */
  delete(key: KeyText): void {
    const at = this.#runOf(key);
    const run = this.#runs[at];
    if (run === undefined) return;
    run.splice(firstFrom(run, key), 1);
    if (run.length === 0) this.#runs.splice(at, 1);
  }

  /** The keys of a stretch. Nothing may be added or deleted while it is read. */
  *walk({ start, end, descending }: Stretch): IterableIterator<KeyText> {
    if (descending) yield* this.#down(start, end);
    else yield* this.#up(start, end);
  }

  *[Symbol.iterator](): IterableIterator<KeyText> {
    for (const run of this.#runs) yield* run;
  }

  *#up(start: KeyText, end: KeyText | undefined): IterableIterator<KeyText> {
    let at = Math.max(0, this.#runOf(start));
    let index = firstFrom(this.#runs[at] ?? [], start);
    for (; at < this.#runs.length; at++, index = 0) {
      const run = this.#runs[at] as KeyText[];
      for (; index < run.length; index++) {
        const key = run[index] as KeyText;
        if (end !== undefined && key >= end) return;
        yield key;
      }
    }
  }

  *#down(start: KeyText, end: KeyText | undefined): IterableIterator<KeyText> {
    let at = end === undefined ? this.#runs.length - 1 : Math.max(0, this.#runOf(end));
    let run = this.#runs[at];
    if (run === undefined) return;
    let index = (end === undefined ? run.length : firstFrom(run, end)) - 1;
    for (;;) {
      for (; index >= 0; index--) {
        const key = run[index] as KeyText;
        if (key < start) return;
        yield key;
      }
      run = this.#runs[--at];
      if (run === undefined) return;
      index = run.length - 1;
    }
  }

  /** The last run whose first key is not after `key`; -1 if there is none. */
  #runOf(key: KeyText): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const first = this.#runs[middle]?.[0];
      if (first !== undefined && first <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Index of the first key that is not before `key`. */
function firstFrom(run: readonly KeyText[], key: KeyText): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((run[middle] as KeyText) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
