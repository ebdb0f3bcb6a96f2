/**
 * What a client says inside an envelope, once it is opened.
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import {
  ARGUMENT_BYTES_MAX,
  COMPONENT_BYTES_MAX,
  NAME_LENGTH_MAX,
  QUERY_GAS_MAX,
  SALT_BYTES_MAX,
  SECRET_LENGTH_MAX,
  SECRETS_MAX,
} from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";

/** A call of a deployed contract; which one, and whether query or command, says the header. */
export interface CallBody {
  readonly op: "call";
  readonly method: string;
  /** MessagePack array of the arguments. */
  readonly args: Uint8Array;
  readonly gasLimit: number;
}

/** A new contract. Its address binds deployer, code, salt and arguments. */
export interface DeployBody {
  readonly op: "deploy";
  readonly component: Uint8Array;
  readonly salt: Uint8Array;
  /** Name of the `@init` method; empty when the contract has none. */
  readonly method: string;
  readonly args: Uint8Array;
  readonly gasLimit: number;
  readonly secrets: readonly (readonly [name: string, value: string])[];
}

export type RequestBody = CallBody | DeployBody;

export function encodeRequest(body: RequestBody): Uint8Array {
  if (body.op === "call") return pack([0, body.method, body.args, integer(body.gasLimit)]);
  const { component, salt, method, args, gasLimit, secrets } = body;
  return pack([1, component, salt, method, args, integer(gasLimit), secrets]);
}

/** @throws {@link Fault} `ENVELOPE_MALFORMED` for anything but one of the two bodies. */
export function parseRequest(untrustedBytes: Uint8Array): RequestBody {
  const fields = Fields.parse(untrustedBytes, "ENVELOPE_MALFORMED");
  const body = fields.integer(1) === 0 ? parseCall(fields) : parseDeploy(fields);
  fields.end();
  return body;
}

function parseCall(fields: Fields): CallBody {
  return {
    op: "call",
    method: fields.text(NAME_LENGTH_MAX),
    args: fields.bytes(ARGUMENT_BYTES_MAX),
    gasLimit: fields.integer(QUERY_GAS_MAX),
  };
}

function parseDeploy(fields: Fields): DeployBody {
  return {
    op: "deploy",
    component: fields.bytes(COMPONENT_BYTES_MAX),
    salt: fields.bytes(SALT_BYTES_MAX),
    method: fields.text(NAME_LENGTH_MAX),
    args: fields.bytes(ARGUMENT_BYTES_MAX),
    gasLimit: fields.integer(QUERY_GAS_MAX),
    secrets: fields.list(SECRETS_MAX, parseSecret),
  };
}

function parseSecret(fields: Fields): readonly [string, string] {
  return fields.nested((pair) => [pair.text(NAME_LENGTH_MAX), pair.text(SECRET_LENGTH_MAX)]);
}

/** What a wallet signs to open a session; see `sessionCertificate` for the signed bytes. */
export interface Certificate {
  /** Ed25519 public key, 32 bytes: the account. */
  readonly account: Uint8Array;
  /** The cluster's time when the session was asked for, in milliseconds. */
  readonly issuedAtMs: number;
  /** Ed25519 signature, 64 bytes. */
  readonly signature: Uint8Array;
}

export function encodeCertificate(certificate: Certificate): Uint8Array {
  return pack([certificate.account, integer(certificate.issuedAtMs), certificate.signature]);
}

/** @throws {@link Fault} `SESSION_CERTIFICATE` if it has another shape. */
export function parseCertificate(untrustedBytes: Uint8Array): Certificate {
  const fields = Fields.parse(untrustedBytes, "SESSION_CERTIFICATE");
  const account = fields.fixed(32);
  const issuedAtMs = fields.integer();
  const signature = fields.fixed(64);
  fields.end();
  return { account, issuedAtMs, signature };
}
