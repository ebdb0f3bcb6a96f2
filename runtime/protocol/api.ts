/**
 * Bodies of a worker's HTTP API, in MessagePack.
 *
 * A fault in the clear says only why a request had no session to answer in. The operator can forge
 * it, so a client takes it as a hint: it never changes what the client believes about state.
 *
 * @module
 */
import { pack } from "#protocol/codec.ts";
import { parseFacts, plainFacts } from "#protocol/facts.ts";
import type { Facts } from "#protocol/fault.ts";
import { ENVELOPE_BYTES_MAX } from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";

export const apiPaths = {
  info: "/v1/info",
  session: "/v1/session",
  query: "/v1/query",
  command: "/v1/command",
  receipt: "/v1/receipt/",
  events: "/v1/events",
} as const;

export const MESSAGEPACK_TYPE = "application/msgpack";
/** Bytes in front of the envelope in a body: an array of one, and a byte string's length (u32). */
const BODY_HEADER_BYTES = 6;
/** Bytes of a request body: the longest envelope, and what stands in front of it. */
export const BODY_BYTES_MAX: number = ENVELOPE_BYTES_MAX + BODY_HEADER_BYTES;

/** Body of `POST /v1/session`, `/v1/query` and `/v1/command`, and of a 200 answer to them. */
export function encodeSealedBody(sealed: Uint8Array): Uint8Array {
  return pack([sealed]);
}

/** @throws {@link Fault} `ENVELOPE_MALFORMED` for any other shape. */
export function parseSealedBody(untrustedBytes: Uint8Array): Uint8Array {
  const fields = Fields.parse(untrustedBytes, "ENVELOPE_MALFORMED");
  const sealed = fields.bytes(2 * ENVELOPE_BYTES_MAX);
  fields.end();
  return sealed;
}

/** Why a request was refused, in the clear. */
export interface ClearFault {
  /** A fault number of the enclave, or 4xxx of the worker process. */
  readonly number: number;
  readonly facts: Facts;
}

/** Body of an answer with a status of 400 and above. */
export function encodeClearFault(fault: ClearFault): Uint8Array {
  return pack([fault.number, plainFacts(fault.facts)]);
}

/** @throws {@link Fault} `MESSAGE_MALFORMED` for any other shape. */
export function parseClearFault(untrustedBytes: Uint8Array): ClearFault {
  const fields = Fields.parse(untrustedBytes, "MESSAGE_MALFORMED");
  const number = fields.integer();
  const facts = parseFacts(fields);
  fields.end();
  return { number, facts };
}
