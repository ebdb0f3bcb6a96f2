/**
 * Sealed snapshots: the whole replicated state at one height, in pieces.
 *
 * Each piece says which snapshot it is of and where it belongs, so pieces cannot be mixed, left out
 * or reordered.
 *
 * @module
 */
import { equalBytes, framed, u32, u64 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import { FRAME_BYTES_MAX } from "#protocol/limits.ts";
import { pad, unpad } from "#protocol/padding.ts";
import { Fields } from "#protocol/shape.ts";
import { labels } from "#crypto/labels.ts";
import type { ClusterName } from "#crypto/statements.ts";
import type { Sealer } from "#seal/sealer.ts";
import { parseWrites, plainWrites, type Write } from "#seal/writes.ts";

/** What every piece of one snapshot has in common. */
export interface SnapshotHeader {
  readonly height: number;
  readonly digest: Uint8Array;
  readonly timeMs: number;
}

const PIECES_MAX = 1_000_000;
/** Bytes of keys and values after which a piece is full. */
const PIECE_BYTES = 1024 * 1024;

function pieceAad(name: ClusterName, height: number, index: number, total: number): Uint8Array {
  const { cluster, epoch } = name;
  return framed(labels.sealedSnapshot, cluster, u32(epoch), u64(height), u32(index), u32(total));
}

/** The state's entries, cut into what goes into one piece each; at least one piece. */
export function cutPieces(entries: Iterable<Write>): Write[][] {
  const pieces: Write[][] = [[]];
  let bytes = 0;
  for (const entry of entries) {
    if (bytes > PIECE_BYTES) {
      pieces.push([]);
      bytes = 0;
    }
    bytes += entry.key.length + (entry.value?.length ?? 0) + entry.namespace.length;
    (pieces.at(-1) as Write[]).push(entry); // there is always one
  }
  return pieces;
}

export function sealPiece(
  sealer: Sealer,
  name: ClusterName,
  header: SnapshotHeader,
  index: number,
  total: number,
  entries: readonly Write[],
): Uint8Array {
  const plaintext = pack([header.digest, integer(header.timeMs), plainWrites(entries)]);
  const sealed = sealer.seal(pieceAad(name, header.height, index, total), pad(plaintext));
  return pack([integer(header.height), index, total, sealed]);
}

/** Takes the pieces of one snapshot, in order. */
export class SnapshotReader {
  readonly #sealer: Sealer;
  readonly #name: ClusterName;
  #header: SnapshotHeader | undefined;
  #next = 0;
  #total = 1;

  constructor(sealer: Sealer, name: ClusterName) {
    this.#sealer = sealer;
    this.#name = name;
  }

  /**
   * Opens the next piece.
   *
   * @throws {@link Fault} `SEAL_BROKEN` if it was changed, or is of another snapshot or cluster.
   * @throws {@link Fault} `SEAL_MISSING` if it is not the next one.
   */
  push(untrustedPiece: Uint8Array): readonly Write[] {
    const outer = Fields.parse(untrustedPiece, "SEAL_BROKEN");
    const height = outer.integer();
    const index = outer.integer(PIECES_MAX);
    const total = outer.integer(PIECES_MAX);
    const sealed = outer.bytes(FRAME_BYTES_MAX);
    outer.end();
    const facts = { snapshot: height, piece: index };
    const padded = this.#sealer.open(
      pieceAad(this.#name, height, index, total),
      sealed,
      "SEAL_BROKEN",
      facts,
    );
    if (index !== this.#next) throw new Fault("SEAL_MISSING", { ...facts, piece: this.#next });
    const fields = Fields.parse(unpad(padded, "SEAL_BROKEN"), "SEAL_BROKEN");
    const header = { height, digest: fields.fixed(32), timeMs: fields.integer() };
    const entries = parseWrites(fields);
    fields.end();
    this.#accept(header, total);
    return entries;
  }

  #accept(header: SnapshotHeader, total: number): void {
    const first = this.#header ?? header;
    const same =
      first.height === header.height &&
      equalBytes(first.digest, header.digest) &&
      (this.#next === 0 || total === this.#total);
    if (!same) throw new Fault("SEAL_BROKEN", { snapshot: header.height, piece: this.#next });
    this.#header = first;
    this.#total = total;
    this.#next++;
  }

  /**
   * The snapshot's header, once all pieces are in; nothing when there was no piece at all.
   *
   * @throws {@link Fault} `SEAL_MISSING` if pieces are missing at the end.
   */
  finish(): SnapshotHeader | undefined {
    if (this.#header === undefined) return undefined;
    if (this.#next !== this.#total) {
      throw new Fault("SEAL_MISSING", { snapshot: this.#header.height, piece: this.#next });
    }
    return this.#header;
  }
}
