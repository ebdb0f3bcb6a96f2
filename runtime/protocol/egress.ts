/**
 * Messages of the tunnels that carry contracts' TLS bytes.
 *
 * The worker process resolves names and moves raw TCP bytes because the enclave has no network. It
 * may lie in each of its messages: the enclave checks addresses before it orders a connection, and
 * TLS inside the enclave tells the right machine from a wrong one.
 *
 * Flow control: each side may have `EGRESS_WINDOW_BYTES` unconfirmed bytes under way per tunnel and
 * gets them back by `egress-credit`. A worker process that sends more loses the tunnel.
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import {
  EGRESS_ADDRESSES_MAX,
  EGRESS_CHUNK_BYTES_MAX,
  EGRESS_WINDOW_BYTES,
  HOST_NAME_LENGTH_MAX,
  PORT_MAX,
} from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";

export interface EgressData {
  readonly kind: "egress-data";
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** Gives `count` bytes of window back to the receiver of this message. */
export interface EgressCredit {
  readonly kind: "egress-credit";
  readonly id: number;
  readonly count: number;
}

/** The sender will send no more data on this tunnel. */
export interface EgressEnd {
  readonly kind: "egress-end";
  readonly id: number;
}

/** The messages that both sides send. */
export type EgressFlow = EgressData | EgressCredit | EgressEnd;

export type EgressFromEnclave =
  | { readonly kind: "egress-resolve"; readonly id: number; readonly host: string }
  | {
      readonly kind: "egress-connect";
      readonly id: number;
      /** The exact address that was checked, in canonical text. */
      readonly address: string;
      readonly port: number;
    }
  | EgressFlow
  /** Drops the tunnel, or the lookup, at once. */
  | { readonly kind: "egress-close"; readonly id: number };

export type EgressToEnclave =
  | { readonly kind: "egress-resolved"; readonly id: number; readonly addresses: readonly string[] }
  | { readonly kind: "egress-connected"; readonly id: number }
  | EgressFlow
  /** The lookup or connection failed, or the tunnel broke. It carries no reason: the enclave could not believe it. */
  | { readonly kind: "egress-error"; readonly id: number };

/** Characters of a textual address: the longest has 45. */
const ADDRESS_LENGTH_MAX = 64;
const KIND_LENGTH_MAX = 16;

export function encodeEgressToEnclave(message: EgressToEnclave): Uint8Array {
  switch (message.kind) {
    case "egress-resolved":
      return pack([message.kind, integer(message.id), message.addresses]);
    case "egress-connected":
    case "egress-error":
      return pack([message.kind, integer(message.id)]);
    default:
      return encodeFlow(message);
  }
}

export function encodeEgressFromEnclave(message: EgressFromEnclave): Uint8Array {
  switch (message.kind) {
    case "egress-resolve":
      return pack([message.kind, integer(message.id), message.host]);
    case "egress-connect":
      return pack([message.kind, integer(message.id), message.address, message.port]);
    case "egress-close":
      return pack([message.kind, integer(message.id)]);
    default:
      return encodeFlow(message);
  }
}

function encodeFlow(message: EgressFlow): Uint8Array {
  switch (message.kind) {
    case "egress-data":
      return pack([message.kind, integer(message.id), message.bytes]);
    case "egress-credit":
      return pack([message.kind, integer(message.id), message.count]);
    case "egress-end":
      return pack([message.kind, integer(message.id)]);
  }
}

/**
 * Reads a message of the worker process.
 *
 * @throws {@link Fault} `MESSAGE_MALFORMED` if it is not exactly one of the worker's messages.
 */
export function parseEgressToEnclave(untrustedBytes: Uint8Array): EgressToEnclave {
  return parse(untrustedBytes, (kind, id, fields) => {
    switch (kind) {
      case "egress-resolved":
        return {
          kind,
          id,
          addresses: fields.list(EGRESS_ADDRESSES_MAX, (item) => item.text(ADDRESS_LENGTH_MAX)),
        };
      case "egress-connected":
      case "egress-error":
        return { kind, id };
      default:
        return parseFlow(kind, id, fields);
    }
  });
}

/**
 * Reads a message of the enclave.
 *
 * @throws {@link Fault} `MESSAGE_MALFORMED` if it is not exactly one of the enclave's messages.
 */
export function parseEgressFromEnclave(untrustedBytes: Uint8Array): EgressFromEnclave {
  return parse(untrustedBytes, (kind, id, fields) => {
    switch (kind) {
      case "egress-resolve":
        return { kind, id, host: fields.text(HOST_NAME_LENGTH_MAX) };
      case "egress-connect":
        return {
          kind,
          id,
          address: fields.text(ADDRESS_LENGTH_MAX),
          port: fields.integer(PORT_MAX),
        };
      case "egress-close":
        return { kind, id };
      default:
        return parseFlow(kind, id, fields);
    }
  });
}

function parse<T>(
  untrustedBytes: Uint8Array,
  read: (kind: string, id: number, fields: Fields) => T,
): T {
  const fields = Fields.parse(untrustedBytes, "MESSAGE_MALFORMED");
  const message = read(fields.text(KIND_LENGTH_MAX), fields.integer(), fields);
  fields.end();
  return message;
}

function parseFlow(kind: string, id: number, fields: Fields): EgressFlow {
  switch (kind) {
    case "egress-data":
      return { kind, id, bytes: fields.bytes(EGRESS_CHUNK_BYTES_MAX) };
    case "egress-credit":
      return { kind, id, count: fields.integer(EGRESS_WINDOW_BYTES) };
    case "egress-end":
      return { kind, id };
    default:
      return fields.fail();
  }
}
