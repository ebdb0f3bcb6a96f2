/**
 * `world.operatorView()`: what the operator of a worker would have seen, to be searched for secrets.
 *
 * @module
 */
import { formsOf, type Needle } from "#sdk/testing/operator/needle.ts";
import type { Disk } from "#sdk/testing/operator/disk.ts";
import type { Egress, Frame, Recording } from "#sdk/testing/operator/recording.ts";

/** A place where a secret was found. */
export interface Sighting {
  /** Such as "frame 12 (admitted)" or "log entry 3". */
  readonly where: string;
  /** How it was written: "utf-8", "u64 little-endian", … */
  readonly form: string;
  readonly offset: number;
}

/** What of a view does not depend on keys and nonces: equal views cannot be told apart by it. */
export interface ViewShape {
  readonly frames: readonly (readonly [direction: string, type: string, bytes: number])[];
  readonly log: readonly number[];
  readonly deltas: readonly number[];
  readonly egress: readonly Egress[];
}

export class OperatorView {
  /** Messages on the pipe, both ways, in order. */
  readonly frames: readonly Frame[];
  /** Sealed log entries. */
  readonly log: readonly Uint8Array[];
  /** Sealed state changes. */
  readonly deltas: readonly Uint8Array[];
  /** Pieces of the newest sealed snapshot. */
  readonly snapshot: readonly Uint8Array[];
  /** Where contracts' requests went. */
  readonly egress: readonly Egress[];

  constructor(recording: Recording, disk: Disk) {
    this.frames = [...recording.frames];
    this.egress = [...recording.egress];
    this.log = [...disk.log];
    this.deltas = disk.deltas.map(({ sealed }) => sealed);
    this.snapshot = [...(disk.snapshot?.pieces ?? [])];
  }

  /** Bytes seen in all. */
  get bytes(): number {
    return this.#places().reduce((sum, [, bytes]) => sum + bytes.length, 0);
  }

  /**
   * Whether a secret can be read anywhere, in any usual form.
   *
   * @param secret - Text is looked for in UTF-8, UTF-16, hexadecimal and base64; bytes as they are, in
   *   hexadecimal and base64; integers as decimal text, and from 2^24 on as binary numbers of 4, 8, 16
   *   and 32 bytes in either order.
   * @throws RangeError for a secret of less than 4 bytes or digits, which chance would find.
   */
  contains(secret: Needle): boolean {
    return this.find(secret) !== undefined;
  }

  /** The first place where a secret can be read. @param secret - As for {@link contains}. */
  find(secret: Needle): Sighting | undefined {
    const forms = formsOf(secret);
    for (const [where, bytes] of this.#places()) {
      const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      for (const { form, bytes: needle } of forms) {
        const offset = haystack.indexOf(needle);
        if (offset >= 0) return { where, form, offset };
      }
    }
    return undefined;
  }

  /**
   * Order, kinds and sizes of everything seen.
   *
   * A contract keeps a secret only if two runs that differ in nothing but the secret have equal shapes.
   */
  shape(): ViewShape {
    const { frames, log, deltas, egress } = this;
    return {
      frames: frames.map(({ direction, type, bytes }) => [direction, type, bytes.length] as const),
      log: log.map((entry) => entry.length),
      deltas: deltas.map((delta) => delta.length),
      egress,
    };
  }

  #places(): (readonly [where: string, bytes: Uint8Array])[] {
    return [
      ...this.frames.map(({ type, bytes }, i) => [`frame ${i} (${type})`, bytes] as const),
      ...this.log.map((bytes, i) => [`log entry ${i + 1}`, bytes] as const),
      ...this.deltas.map((bytes, i) => [`delta ${i}`, bytes] as const),
      ...this.snapshot.map((bytes, i) => [`snapshot piece ${i}`, bytes] as const),
      ...this.egress.map(({ host }, i) => [`egress ${i}`, Buffer.from(host)] as const),
    ];
  }
}
