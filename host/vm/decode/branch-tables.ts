/**
 * The targets of a body's branch tables, each of a table's once, behind those of the table before.
 *
 * @module
 */

export class BranchTables {
  #targets = new Int32Array(0);
  #count = 0;
  /** By opener: the table that led to it last. */
  #listed = new Int32Array(0);
  #table = 0;
  /** Whether the present table leads out of the function. */
  #leaves = false;

  /** Makes room for a body of so many bytes: it has never more targets. */
  reserve(bytes: number): void {
    this.#targets = new Int32Array(bytes);
    this.#listed = new Int32Array(bytes);
    this.#table = 0;
  }

  /** Forgets those of the body before. */
  clear(): void {
    this.#count = 0;
  }

  /** Begins a table. @returns Where its targets begin. */
  begin(): number {
    this.#table++;
    this.#leaves = false;
    return this.#count;
  }

  /** Adds a target of the present table. @param opener - Negative for the function itself. */
  add(opener: number): void {
    if (opener < 0) {
      if (this.#leaves) return;
      this.#leaves = true;
    } else {
      if (this.#listed[opener] === this.#table) return;
      this.#listed[opener] = this.#table;
    }
    this.#targets[this.#count++] = opener;
  }

  /** How many targets the present table has, which begin at `start`. */
  countFrom(start: number): number {
    return this.#count - start;
  }

  /** A view, valid until the next body. */
  targets(start: number, count: number): Int32Array {
    return this.#targets.subarray(start, start + count);
  }
}
