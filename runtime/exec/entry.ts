/**
 * Log entries: what every worker of the cluster executes, in the order of the log.
 *
 * An entry is sealed and authenticated under the cluster's key by the enclave that admitted it, together
 * with how far that enclave had got. The operator who orders entries can neither read, forge nor alter
 * one, and cannot take one out from under those that were admitted after it.
 *
 * @module
 */
import { framed, u32 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import { FRAME_BYTES_MAX } from "#protocol/limits.ts";
import { pad, unpad } from "#protocol/padding.ts";
import { Fields } from "#protocol/shape.ts";
import { labels } from "#crypto/labels.ts";
import type { ClusterName } from "#crypto/statements.ts";
import type { Sealer } from "#seal/sealer.ts";
import type { Position } from "#exec/history.ts";

/** Part of every entry: when its enclave admitted it, by a clock that the log keeps monotonic. */
interface Stamped {
  readonly timeMs: number;
}

export interface SessionEntry extends Stamped {
  readonly kind: "session";
  readonly requestId: Uint8Array;
  readonly session: Uint8Array;
  readonly account: Uint8Array;
  readonly secret: Uint8Array;
}

export interface CommandEntry extends Stamped {
  readonly kind: "command";
  readonly requestId: Uint8Array;
  readonly session: Uint8Array;
  readonly sequence: number;
  readonly contract: Uint8Array;
  /** The opened request body, as the client encoded it. */
  readonly body: Uint8Array;
  /** What the outside world answered when the command was admitted; empty without HTTP. */
  readonly transcript: Uint8Array;
}

/** A worker's enclave started. */
export interface BootEntry extends Stamped {
  readonly kind: "boot";
  readonly bootEpoch: number;
  readonly workerKey: Uint8Array;
  readonly measurement: Uint8Array;
}

/** A snapshot of that height is stored: restoring from an older one is a rollback. */
export interface CheckpointEntry extends Stamped {
  readonly kind: "checkpoint";
  readonly height: number;
  readonly digest: Uint8Array;
}

/** Nothing happened, but a height passed. */
export interface TickEntry extends Stamped {
  readonly kind: "tick";
}

export type Entry = SessionEntry | CommandEntry | BootEntry | CheckpointEntry | TickEntry;

const kinds = ["session", "command", "boot", "checkpoint", "tick"] as const;

function entryAad(name: ClusterName): Uint8Array {
  return framed(labels.sealedEntry, name.cluster, u32(name.epoch));
}

function fieldsOf(entry: Entry): readonly unknown[] {
  switch (entry.kind) {
    case "session":
      return [entry.requestId, entry.session, entry.account, entry.secret];
    case "command":
      return [
        entry.requestId,
        entry.session,
        integer(entry.sequence),
        entry.contract,
        entry.body,
        entry.transcript,
      ];
    case "boot":
      return [integer(entry.bootEpoch), entry.workerKey, entry.measurement];
    case "checkpoint":
      return [integer(entry.height), entry.digest];
    case "tick":
      return [];
  }
}

/** An entry, and the newest position its enclave knew when it admitted it. */
export interface Admitted {
  readonly entry: Entry;
  readonly after: Position;
}

export function sealEntry(
  sealer: Sealer,
  name: ClusterName,
  { entry, after }: Admitted,
): Uint8Array {
  const fields = [
    kinds.indexOf(entry.kind),
    integer(entry.timeMs),
    integer(after.height),
    after.digest,
    ...fieldsOf(entry),
  ];
  return sealer.seal(entryAad(name), pad(pack(fields)));
}

/** @throws {@link Fault} `LOG_ENTRY_BROKEN` if this cluster did not seal it just so. */
export function openEntry(
  sealer: Sealer,
  name: ClusterName,
  untrustedEntry: Uint8Array,
  height: number,
): Admitted {
  const code = "LOG_ENTRY_BROKEN";
  const padded = sealer.open(entryAad(name), untrustedEntry, code, { height });
  const fields = Fields.parse(unpad(padded, code), code);
  const kind = kinds[fields.integer(kinds.length - 1)] ?? fields.fail();
  const timeMs = fields.integer();
  const after = { height: fields.integer(), digest: fields.fixed(32) };
  const entry = parseEntry(kind, timeMs, fields);
  fields.end();
  return { entry, after };
}

function parseEntry(kind: Entry["kind"], timeMs: number, fields: Fields): Entry {
  switch (kind) {
    case "session":
      return {
        kind,
        timeMs,
        requestId: fields.fixed(32),
        session: fields.fixed(16),
        account: fields.fixed(32),
        secret: fields.fixed(32),
      };
    case "command":
      return {
        kind,
        timeMs,
        requestId: fields.fixed(32),
        session: fields.fixed(16),
        sequence: fields.integer(),
        contract: fields.fixed(32),
        body: fields.bytes(FRAME_BYTES_MAX),
        transcript: fields.bytes(FRAME_BYTES_MAX),
      };
    case "boot": {
      const bootEpoch = fields.integer();
      return {
        kind,
        timeMs,
        bootEpoch,
        workerKey: fields.fixed(32),
        measurement: fields.fixed(32),
      };
    }
    case "checkpoint":
      return { kind, timeMs, height: fields.integer(), digest: fields.fixed(32) };
    case "tick":
      return { kind, timeMs };
  }
}
