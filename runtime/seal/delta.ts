/**
 * Sealed deltas: what a run of heights changed, chained to what was before.
 *
 * The operator keeps deltas and may lose, swap, repeat or age them. First and last height stand in
 * the clear, authenticated, so that each of these is told apart and named.
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

export interface Delta {
  readonly firstHeight: number;
  readonly lastHeight: number;
  /** State digest before `firstHeight` and after `lastHeight`, 32 bytes each. */
  readonly previousDigest: Uint8Array;
  readonly digest: Uint8Array;
  /** The cluster's time after `lastHeight`, in milliseconds. */
  readonly timeMs: number;
  /** Hash of the effects of each height, so that the log can be checked without running it. */
  readonly effects: readonly Uint8Array[];
  readonly writes: readonly Write[];
}

const HASH_BYTES = 32;
/**
 * Heights of one delta: more than twice what fits. `exec/ledger.ts` counts 40 bytes for each and cuts a delta at 1 MiB,
 * which is some 26,000, so none that was sealed is refused by its number.
 */
const HEIGHTS_MAX = 65_536;

function deltaAad(name: ClusterName, first: number, last: number): Uint8Array {
  return framed(labels.sealedDelta, name.cluster, u32(name.epoch), u64(first), u64(last));
}

export function sealDelta(sealer: Sealer, name: ClusterName, delta: Delta): Uint8Array {
  const { firstHeight, lastHeight } = delta;
  const plaintext = pack([
    delta.previousDigest,
    delta.digest,
    integer(delta.timeMs),
    delta.effects,
    plainWrites(delta.writes),
  ]);
  const sealed = sealer.seal(deltaAad(name, firstHeight, lastHeight), pad(plaintext));
  return pack([integer(firstHeight), integer(lastHeight), sealed]);
}

/**
 * Opens the delta that must follow a given height and digest.
 *
 * @param height - Height of the state so far.
 * @throws {@link Fault} `SEAL_BROKEN` if it was changed or is of another cluster.
 * @throws {@link Fault} `SEAL_STALE` if it is an old or repeated one.
 * @throws {@link Fault} `SEAL_MISSING` if one before it is missing.
 * @throws {@link Fault} `LOG_DIVERGED` if it continues another history.
 */
export function openDelta(
  sealer: Sealer,
  name: ClusterName,
  untrustedDelta: Uint8Array,
  height: number,
  digest: Uint8Array,
): Delta {
  const outer = Fields.parse(untrustedDelta, "SEAL_BROKEN");
  const firstHeight = outer.integer();
  const lastHeight = outer.integer();
  const sealed = outer.bytes(FRAME_BYTES_MAX);
  outer.end();
  const facts = { delta: firstHeight };
  const aad = deltaAad(name, firstHeight, lastHeight);
  const padded = sealer.open(aad, sealed, "SEAL_BROKEN", facts);
  const fields = Fields.parse(unpad(padded, "SEAL_BROKEN"), "SEAL_BROKEN");
  const delta = {
    firstHeight,
    lastHeight,
    previousDigest: fields.fixed(HASH_BYTES),
    digest: fields.fixed(HASH_BYTES),
    timeMs: fields.integer(),
    effects: fields.list(HEIGHTS_MAX, (list) => list.fixed(HASH_BYTES)),
    writes: parseWrites(fields),
  };
  fields.end();
  if (firstHeight <= height) throw new Fault("SEAL_STALE", { ...facts, height });
  if (firstHeight > height + 1) throw new Fault("SEAL_MISSING", { delta: height + 1 });
  if (!equalBytes(delta.previousDigest, digest)) {
    throw new Fault("LOG_DIVERGED", { height: firstHeight });
  }
  return delta;
}
