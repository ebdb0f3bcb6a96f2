/**
 * The clear header of an envelope: all that the operator may read of a call, and the AAD of its seal.
 *
 * Fixed width, so there is one byte form only. Behind it come, for a session request, the HPKE
 * encapsulated key (32 bytes) and the sealed certificate; otherwise the nonce (12 bytes) and the
 * sealed body.
 *
 * @module
 */
import { concat, u32, u64 } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import { ENVELOPE_BYTES_MAX } from "#protocol/limits.ts";

const ENVELOPE_VERSION = 1;

/** A query is never a command: the kind selects the key and is part of the AAD. */
export const envelopeKinds = { session: 1, query: 2, command: 3 } as const;
export type EnvelopeKind = keyof typeof envelopeKinds;

export interface EnvelopeHeader {
  readonly kind: EnvelopeKind;
  /** 32 bytes. */
  readonly cluster: Uint8Array;
  readonly epoch: number;
  /** 16 bytes; zero in a session request. */
  readonly session: Uint8Array;
  /** Counts up per session and kind, from 1; zero in a session request. */
  readonly sequence: number;
  /** 32 bytes; zero when no contract exists yet (deployment, session). */
  readonly contract: Uint8Array;
}

/** The `contract` of a deployment or session. */
export const NO_CONTRACT: Uint8Array = new Uint8Array(32);

export interface Envelope {
  readonly header: EnvelopeHeader;
  /** The header's bytes: additional authenticated data of the seal. */
  readonly aad: Uint8Array;
  readonly sealed: Uint8Array;
}

export const ENVELOPE_HEADER_BYTES = 2 + 32 + 4 + 16 + 8 + 32;
/** The smallest sealed part: a key or a nonce, and a tag. */
const SEALED_BYTES_MIN = 12 + 16;

/** The header's only byte form. */
export function encodeEnvelopeHeader(header: EnvelopeHeader): Uint8Array {
  return concat([
    Uint8Array.of(ENVELOPE_VERSION, envelopeKinds[header.kind]),
    header.cluster,
    u32(header.epoch),
    header.session,
    u64(header.sequence),
    header.contract,
  ]);
}

/**
 * Splits an envelope into header and sealed part. Nothing in it is authenticated yet.
 *
 * @throws {@link Fault} `ENVELOPE_TOO_LARGE` if it is over the limit.
 * @throws {@link Fault} `ENVELOPE_MALFORMED` if it is too short, of another version or kind.
 */
export function parseEnvelope(untrustedBytes: Uint8Array): Envelope {
  const length = untrustedBytes.length;
  if (length > ENVELOPE_BYTES_MAX) {
    throw new Fault("ENVELOPE_TOO_LARGE", { bytes: length, limit: ENVELOPE_BYTES_MAX });
  }
  if (length < ENVELOPE_HEADER_BYTES + SEALED_BYTES_MIN) throw new Fault("ENVELOPE_MALFORMED");
  const view = new DataView(untrustedBytes.buffer, untrustedBytes.byteOffset, length);
  const version = view.getUint8(0);
  if (version !== ENVELOPE_VERSION) throw new Fault("ENVELOPE_MALFORMED", { version });
  const kind = kindOf(view.getUint8(1));
  const sequence = view.getUint32(54) * 2 ** 32 + view.getUint32(58);
  if (!Number.isSafeInteger(sequence)) throw new Fault("ENVELOPE_MALFORMED");
  const aad = untrustedBytes.slice(0, ENVELOPE_HEADER_BYTES);
  const header = {
    kind,
    cluster: aad.subarray(2, 34),
    epoch: view.getUint32(34),
    session: aad.subarray(38, 54),
    sequence,
    contract: aad.subarray(62, 94),
  };
  return { header, aad, sealed: untrustedBytes.subarray(ENVELOPE_HEADER_BYTES) };
}

function kindOf(untrustedNumber: number): EnvelopeKind {
  for (const kind of ["session", "query", "command"] as const) {
    if (envelopeKinds[kind] === untrustedNumber) return kind;
  }
  throw new Fault("ENVELOPE_MALFORMED", { kind: untrustedNumber });
}
