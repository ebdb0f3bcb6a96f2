/**
 * Write sets: what one step changed in the replicated state, in one byte form.
 *
 * @module
 */
import { pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import {
  COMPONENT_BYTES_MAX,
  SEALED_WRITES_BYTES_MAX,
  STATE_KEY_BYTES_MAX,
} from "#protocol/limits.ts";
import type { Fields } from "#protocol/shape.ts";

/** One changed key of one namespace (32 bytes: a contract, or zero for the system). */
export interface Write {
  readonly namespace: Uint8Array;
  readonly key: Uint8Array;
  /** Absent when the key was removed. */
  readonly value: Uint8Array | undefined;
}

const NAMESPACE_BYTES = 32;
/**
 * Writes of one list: several times what fits. The smallest takes 38 bytes, so a frame of `FRAME_BYTES_MAX` holds
 * some 440,000, and no list that was sealed is refused by its number; it bounds what a parser counts up to.
 */
const WRITES_MAX = 2_000_000;
/** Most bytes that MessagePack puts around the key and value of one write, namespace included. */
const FRAMING_BYTES = 1 + 2 + NAMESPACE_BYTES + 2 + 5;

/** As nested plain values, for a message that is packed as a whole. */
export function plainWrites(writes: readonly Write[]): unknown[] {
  return writes.map(({ namespace, key, value }) => [namespace, key, value ?? null]);
}

export function encodeWrites(writes: readonly Write[]): Uint8Array {
  return pack(plainWrites(writes));
}

/** Bytes that a write takes in a delta, at most. */
export function sealedBytes({ key, value }: Write): number {
  return FRAMING_BYTES + key.length + (value?.length ?? 0);
}

/**
 * Checks that what one call wrote fits a delta: very many tiny writes are mostly framing.
 *
 * @throws {@link Fault} `STATE_WRITE_SET` if it does not.
 */
export function checkWriteSet(writes: readonly Write[]): void {
  let length = 0;
  for (const write of writes) length += sealedBytes(write);
  if (length > SEALED_WRITES_BYTES_MAX) {
    throw new Fault("STATE_WRITE_SET", { length, limit: SEALED_WRITES_BYTES_MAX });
  }
}

export function parseWrites(fields: Fields): Write[] {
  return fields.list(WRITES_MAX, (list) =>
    list.nested((write) => ({
      namespace: write.fixed(NAMESPACE_BYTES),
      key: write.bytes(STATE_KEY_BYTES_MAX),
      value: write.optional((own) => own.bytes(COMPONENT_BYTES_MAX)),
    })),
  );
}
