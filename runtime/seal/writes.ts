/**
 * Write sets: what one step changed in the replicated state, in one byte form.
 *
 * @module
 */
import { pack } from "#protocol/codec.ts";
import { COMPONENT_BYTES_MAX, STATE_KEY_BYTES_MAX } from "#protocol/limits.ts";
import type { Fields } from "#protocol/shape.ts";

/** One changed key of one namespace (32 bytes: a contract, or zero for the system). */
export interface Write {
  readonly namespace: Uint8Array;
  readonly key: Uint8Array;
  /** Absent when the key was removed. */
  readonly value: Uint8Array | undefined;
}

const NAMESPACE_BYTES = 32;
const WRITES_MAX = 2_000_000;

/** As nested plain values, for a message that is packed as a whole. */
export function plainWrites(writes: readonly Write[]): unknown[] {
  return writes.map(({ namespace, key, value }) => [namespace, key, value ?? null]);
}

export function encodeWrites(writes: readonly Write[]): Uint8Array {
  return pack(plainWrites(writes));
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

