/**
 * What `world.snapshot()` gives and `world.restore()` takes: the operator's disk, and the time.
 *
 * @module
 */
import type { Disk } from "#sdk/testing/operator/disk.ts";

export class WorldSnapshot {
  readonly #disk: Disk;
  readonly timeMs: number;

  constructor(disk: Disk, timeMs: number) {
    this.#disk = disk.copy();
    this.timeMs = timeMs;
  }

  /** A disk of its own, so that a snapshot can be restored again and again. */
  disk(): Disk {
    return this.#disk.copy();
  }
}
