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
  /** SHA-256 of the code that may see this call; any if left out. */
  readonly codeHash?: Uint8Array;
}

/** Code in full, or the SHA-256 of code that the cluster holds already. */
export type Code = { readonly component: Uint8Array } | { readonly hash: Uint8Array };

/** A new contract. Its address binds deployer, code, salt and first call. */
export interface DeployBody {
  readonly op: "deploy";
  readonly code: Code;
  readonly salt: Uint8Array;
  /** Name of the `@init` method. */
  readonly method: string;
  readonly args: Uint8Array;
  readonly gasLimit: number;
  readonly secrets: readonly (readonly [name: string, value: string])[];
}

/** Code for contracts to come. */
export interface UploadBody {
  readonly op: "upload";
  readonly component: Uint8Array;
  readonly gasLimit: number;
}

/** New code for a contract, from its owner. */
export interface UpgradeBody {
  readonly op: "upgrade";
  readonly code: Code;
  /** Version the owner saw: an upgrade that was held back must not undo a later one. */
  readonly version: number;
  /** Name of the `@migrate` method of the new code; empty to run none. */
  readonly method: string;
  readonly args: Uint8Array;
  readonly gasLimit: number;
}

/** The owner gives up every power over the contract. */
export interface FreezeBody {
  readonly op: "freeze";
  readonly version: number;
}

/** The owner ends the contract and removes its state. */
export interface DestroyBody {
  readonly op: "destroy";
  readonly version: number;
}

/** Asks what a command would cost: a query, answered with an `Estimate`. */
export interface EstimateBody extends Omit<CallBody, "op"> {
  readonly op: "estimate";
}

/** Asks what is known of a contract: a query, answered with a `Description`. */
export interface DescribeBody {
  readonly op: "describe";
}

/** The owner asks for the interface of the contract's code: a query, answered with JSON text. */
export interface InterfaceBody {
  readonly op: "interface";
}

/** The owner asks for the contract's planned calls: a query, answered with a `Schedule`. */
export interface ScheduleBody {
  readonly op: "schedule";
}

/** The owner asks what the contract takes of this enclave: a query, answered with a `ContractUsage`. */
export interface UsageBody {
  readonly op: "usage";
}

/** Asks whether the cluster holds code: a query, answered with a boolean. */
export interface HasCodeBody {
  readonly op: "has-code";
  readonly hash: Uint8Array;
}

/** What a command may say, and what a query. */
export type CommandBody =
  | CallBody
  | DeployBody
  | UploadBody
  | UpgradeBody
  | FreezeBody
  | DestroyBody;
export type QueryBody =
  | CallBody
  | HasCodeBody
  | DescribeBody
  | InterfaceBody
  | EstimateBody
  | ScheduleBody
  | UsageBody;
export type RequestBody = CommandBody | QueryBody;

/** On the wire an operation is its place in this list. */
const operations = [
  "call",
  "deploy",
  "upload",
  "has-code",
  "upgrade",
  "freeze",
  "destroy",
  "describe",
  "interface",
  "estimate",
  "schedule",
  "usage",
] as const;

export function encodeRequest(body: RequestBody): Uint8Array {
  return pack([operations.indexOf(body.op), ...fieldsOf(body)]);
}

function fieldsOf(body: RequestBody): readonly unknown[] {
  switch (body.op) {
    case "call":
    case "estimate":
      return [body.method, body.args, integer(body.gasLimit), body.codeHash ?? null];
    case "deploy": {
      const { code, salt, method, args, gasLimit, secrets } = body;
      return [encodedCode(code), salt, method, args, integer(gasLimit), secrets];
    }
    case "upload":
      return [body.component, integer(body.gasLimit)];
    case "has-code":
      return [body.hash];
    case "upgrade": {
      const { code, version, method, args, gasLimit } = body;
      return [encodedCode(code), integer(version), method, args, integer(gasLimit)];
    }
    case "freeze":
    case "destroy":
      return [integer(body.version)];
    case "describe":
    case "interface":
    case "schedule":
    case "usage":
      return [];
  }
}

function encodedCode(code: Code): readonly [kind: number, bytes: Uint8Array] {
  return "component" in code ? [0, code.component] : [1, code.hash];
}

/** @throws {@link Fault} `ENVELOPE_MALFORMED` for anything but one of the bodies. */
export function parseRequest(untrustedBytes: Uint8Array): RequestBody {
  const fields = Fields.parse(untrustedBytes, "ENVELOPE_MALFORMED");
  const op = operations[fields.integer(operations.length - 1)] ?? fields.fail();
  const body = parseBody(op, fields);
  fields.end();
  return body;
}

function parseBody(op: RequestBody["op"], fields: Fields): RequestBody {
  switch (op) {
    case "call":
    case "estimate":
      return parseCall(op, fields);
    case "deploy":
      return {
        op,
        code: fields.nested(parseCode),
        salt: fields.bytes(SALT_BYTES_MAX),
        method: fields.text(NAME_LENGTH_MAX),
        args: fields.bytes(ARGUMENT_BYTES_MAX),
        gasLimit: fields.integer(QUERY_GAS_MAX),
        secrets: fields.list(SECRETS_MAX, parseSecret),
      };
    case "upload":
      return {
        op,
        component: fields.bytes(COMPONENT_BYTES_MAX),
        gasLimit: fields.integer(QUERY_GAS_MAX),
      };
    case "has-code":
      return { op, hash: fields.fixed(32) };
    case "upgrade":
      return {
        op,
        code: fields.nested(parseCode),
        version: fields.integer(),
        method: fields.text(NAME_LENGTH_MAX),
        args: fields.bytes(ARGUMENT_BYTES_MAX),
        gasLimit: fields.integer(QUERY_GAS_MAX),
      };
    case "freeze":
    case "destroy":
      return { op, version: fields.integer() };
    case "describe":
    case "interface":
    case "schedule":
    case "usage":
      return { op };
  }
}

function parseCall(op: "call" | "estimate", fields: Fields): CallBody | EstimateBody {
  const call = {
    op,
    method: fields.text(NAME_LENGTH_MAX),
    args: fields.bytes(ARGUMENT_BYTES_MAX),
    gasLimit: fields.integer(QUERY_GAS_MAX),
  };
  const codeHash = fields.optional((own) => own.fixed(32));
  return codeHash === undefined ? call : { ...call, codeHash };
}

function parseCode(fields: Fields): Code {
  const isFull = fields.integer(1) === 0;
  return isFull ? { component: fields.bytes(COMPONENT_BYTES_MAX) } : { hash: fields.fixed(32) };
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
