/**
 * What the enclave answers inside a sealed reply.
 *
 * A reply names the state it was made from, under one signature of the worker's enclave: a receipt for
 * a command, the newest head for all else.
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import { parseFacts, plainFacts } from "#protocol/facts.ts";
import { Fault, type Facts } from "#protocol/fault.ts";
import { faults, type FaultCode } from "#protocol/faults.ts";
import {
  EVENT_BYTES_MAX,
  EVENTS_MAX,
  LOG_BYTES_MAX,
  NAME_LENGTH_MAX,
  RECEIPTS_MAX,
  RESULT_BYTES_MAX,
} from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";

/** Where and why the contract gave up, in its own words; travels only inside the sealed reply. */
export interface Panic {
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** How a call ended: a value, a typed error of the contract, or a fault. */
export type Outcome =
  | { readonly kind: "returned"; readonly value: Uint8Array }
  | { readonly kind: "failed"; readonly name: string; readonly fields: Uint8Array }
  | {
      readonly kind: "fault";
      readonly code: FaultCode;
      readonly facts: Facts;
      readonly panic?: Panic;
      /** Byte offsets in the uploaded core module, innermost first. */
      readonly trace: readonly number[];
    };

export interface ReplyEvent {
  readonly name: string;
  /** The encoded array of the event's fields. */
  readonly fields: Uint8Array;
  readonly public: boolean;
  /** Address of the contract that emitted it, 32 bytes; absent if that is the one that was called. */
  readonly contract?: Uint8Array;
}

export interface ReplyLog {
  /** 0 debug, 1 info, 2 warn, 3 error: the order of the WIT enum `level`. */
  readonly level: number;
  readonly text: string;
}

/** The state a reply was made from. */
export interface Head {
  readonly height: number;
  /** State digest at that height, 32 bytes. */
  readonly digest: Uint8Array;
  readonly bootEpoch: number;
  /** SHA-256 of the enclave bundle, 32 bytes. */
  readonly measurement: Uint8Array;
}

export interface Reply {
  readonly outcome: Outcome;
  /** Where the call ran: the command's own height, or the height a query saw. */
  readonly height: number;
  readonly gasUsed: number;
  readonly events: readonly ReplyEvent[];
  readonly logs: readonly ReplyLog[];
  /** SHA-256 of the contract's component; zero where no contract was involved. */
  readonly codeHash: Uint8Array;
  /** Newest state the enclave knows; in a command's reply, the state right after that command. */
  readonly head: Head;
  /**
   * Ed25519 by the worker key named in the evidence, 64 bytes: over `receiptsStatement` of the receipts
   * in a command's reply, over `headStatement` in every other.
   */
  readonly signature: Uint8Array;
  /**
   * Hashes of the receipts that were signed together, this command's among them, filled up with zeros to
   * {@link RECEIPTS_MAX}; empty in every reply but a command's.
   */
  readonly receipts: readonly Uint8Array[];
}

/** The bytes of an outcome: also what a receipt signs the hash of. */
export function encodeOutcome(outcome: Outcome): Uint8Array {
  if (outcome.kind === "returned") return pack([0, outcome.value]);
  if (outcome.kind === "failed") return pack([1, outcome.name, outcome.fields]);
  const { panic } = outcome;
  return pack([
    2,
    faults[outcome.code].number,
    plainFacts(outcome.facts),
    panic === undefined ? null : [panic.text, panic.file, panic.line, panic.column],
    outcome.trace,
  ]);
}

export function encodeReply(reply: Reply): Uint8Array {
  const { head } = reply;
  return pack([
    encodeOutcome(reply.outcome),
    integer(reply.height),
    integer(reply.gasUsed),
    reply.events.map(({ name, fields, public: isPublic, contract }) => [
      name,
      fields,
      isPublic,
      contract ?? null,
    ]),
    reply.logs.map((log) => [log.level, log.text]),
    reply.codeHash,
    [integer(head.height), head.digest, head.bootEpoch, head.measurement],
    reply.signature,
    reply.receipts,
  ]);
}

/** UTF-16 units of a log line or a panic: the host keeps fewer. */
const TEXT_LENGTH_MAX = LOG_BYTES_MAX;
/** Log lines: each takes at least 16 bytes of the log's budget. */
const LOGS_MAX = LOG_BYTES_MAX / 16;
/** Frames of a trace: engines keep ten unless asked for more. */
export const TRACE_MAX = 64;

/** @throws {@link Fault} `MESSAGE_MALFORMED` for any other shape. */
export function parseReply(bytes: Uint8Array): Reply {
  const fields = Fields.parse(bytes, "MESSAGE_MALFORMED");
  const outcome = parseOutcome(fields.bytes(2 * RESULT_BYTES_MAX));
  const height = fields.integer();
  const gasUsed = fields.integer();
  const events = fields.list(EVENTS_MAX, (list) => list.nested(parseEvent));
  const logs = fields.list(LOGS_MAX, (list) =>
    list.nested((log) => ({ level: log.integer(3), text: log.text(TEXT_LENGTH_MAX) })),
  );
  const codeHash = fields.fixed(32);
  const head = fields.nested(parseHead);
  const signature = fields.fixed(64);
  const receipts = fields.list(RECEIPTS_MAX, (list) => list.fixed(32));
  fields.end();
  return { outcome, height, gasUsed, events, logs, codeHash, head, signature, receipts };
}

function parseEvent(event: Fields): ReplyEvent {
  const name = event.text(NAME_LENGTH_MAX);
  const fields = event.bytes(EVENT_BYTES_MAX);
  const isPublic = event.boolean();
  const contract = event.optional((own) => own.fixed(32));
  return { name, fields, public: isPublic, ...(contract === undefined ? {} : { contract }) };
}

function parseHead(fields: Fields): Head {
  return {
    height: fields.integer(),
    digest: fields.fixed(32),
    bootEpoch: fields.integer(),
    measurement: fields.fixed(32),
  };
}

function parseOutcome(bytes: Uint8Array): Outcome {
  const fields = Fields.parse(bytes, "MESSAGE_MALFORMED");
  const kind = fields.integer(2);
  if (kind === 0) {
    const value = fields.bytes(RESULT_BYTES_MAX);
    fields.end();
    return { kind: "returned", value };
  }
  if (kind === 1) {
    const failed = { name: fields.text(NAME_LENGTH_MAX), fields: fields.bytes(RESULT_BYTES_MAX) };
    fields.end();
    return { kind: "failed", ...failed };
  }
  const code = faultCode(fields.integer());
  const facts = parseFacts(fields);
  const panic = fields.optional((own) => own.nested(parsePanic));
  const trace = fields.list(TRACE_MAX, (list) => list.integer());
  fields.end();
  return { kind: "fault", code, facts, trace, ...(panic === undefined ? {} : { panic }) };
}

function parsePanic(fields: Fields): Panic {
  return {
    text: fields.text(TEXT_LENGTH_MAX),
    file: fields.text(TEXT_LENGTH_MAX),
    line: fields.integer(),
    column: fields.integer(),
  };
}

/**
 * The code of a fault number.
 *
 * @throws {@link Fault} `MESSAGE_MALFORMED` if no fault has it.
 */
export function faultCode(number: number): FaultCode {
  for (const [code, fault] of Object.entries(faults)) {
    if (fault.number === number) return code as FaultCode; // keys of `faults` are the codes
  }
  throw new Fault("MESSAGE_MALFORMED", { fault: number });
}
