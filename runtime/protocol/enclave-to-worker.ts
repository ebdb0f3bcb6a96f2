/**
 * Byte forms of what the enclave sends to the worker process.
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import { encodeEgressFromEnclave, parseEgressFromEnclave } from "#protocol/egress.ts";
import { parseFacts, plainFacts } from "#protocol/facts.ts";
import { FRAME_BYTES_MAX, NAME_LENGTH_MAX } from "#protocol/limits.ts";
import type { EnclaveToWorker } from "#protocol/messages.ts";
import { Fields } from "#protocol/shape.ts";

/** In wire order: the first field of each message is the index of its type. Append only. */
const types = [
  "booted",
  "restoring",
  "ready",
  "refused",
  "admitted",
  "answered",
  "rejected",
  "executed",
  "snapshot-piece",
  "entry",
  "info",
  "egress",
  "tick",
] as const;

const LIST_MAX = 1_000_000;

function fieldsOf(message: EnclaveToWorker): readonly unknown[] {
  switch (message.type) {
    case "booted":
      return [message.sealedCluster ?? null];
    case "restoring":
      return [integer(message.fromHeight)];
    case "ready":
      return [integer(message.height), message.entry];
    case "refused":
      return [message.fault, plainFacts(message.facts)];
    case "admitted":
      return [integer(message.id), message.requestId, message.entry];
    case "answered":
      return [integer(message.id), message.reply];
    case "rejected":
      return [integer(message.id), message.fault, plainFacts(message.facts)];
    case "executed":
      return [
        integer(message.height),
        message.delta,
        message.replies.map(({ requestId, height, reply }) => [requestId, integer(height), reply]),
        message.events.map((event) => [
          event.contract,
          integer(event.height),
          event.name,
          event.fields,
        ]),
      ];
    case "snapshot-piece":
      return [integer(message.height), message.index, message.total, message.sealed];
    case "entry":
    case "tick":
      return [message.entry];
    case "info":
      return [integer(message.id), message.info];
    case "egress":
      return [encodeEgressFromEnclave(message.egress)];
  }
}

export function encodeToWorker(message: EnclaveToWorker): Uint8Array {
  return pack([types.indexOf(message.type), ...fieldsOf(message)]);
}

/** @throws {@link Fault} `MESSAGE_MALFORMED` for anything else. */
export function parseToWorker(bytes: Uint8Array): EnclaveToWorker {
  const fields = Fields.parse(bytes, "MESSAGE_MALFORMED");
  const type = types[fields.integer(types.length - 1)];
  const message = type === undefined ? fields.fail() : parseOf(type, fields);
  fields.end();
  return message;
}

function parseOf(type: (typeof types)[number], fields: Fields): EnclaveToWorker {
  switch (type) {
    case "booted": {
      const sealedCluster = fields.optional((own) => own.bytes(FRAME_BYTES_MAX));
      return sealedCluster === undefined ? { type } : { type, sealedCluster };
    }
    case "restoring":
      return { type, fromHeight: fields.integer() };
    case "ready":
      return { type, height: fields.integer(), entry: fields.bytes(FRAME_BYTES_MAX) };
    case "refused":
      return { type, fault: fields.integer(), facts: parseFacts(fields) };
    case "admitted": {
      const id = fields.integer();
      return { type, id, requestId: fields.fixed(32), entry: fields.bytes(FRAME_BYTES_MAX) };
    }
    case "answered":
      return { type, id: fields.integer(), reply: fields.bytes(FRAME_BYTES_MAX) };
    case "rejected":
      return { type, id: fields.integer(), fault: fields.integer(), facts: parseFacts(fields) };
    case "executed":
      return parseExecuted(fields);
    case "snapshot-piece":
      return {
        type,
        height: fields.integer(),
        index: fields.integer(),
        total: fields.integer(),
        sealed: fields.bytes(FRAME_BYTES_MAX),
      };
    case "entry":
    case "tick":
      return { type, entry: fields.bytes(FRAME_BYTES_MAX) };
    case "info":
      return { type, id: fields.integer(), info: fields.bytes(FRAME_BYTES_MAX) };
    case "egress":
      return { type, egress: parseEgressFromEnclave(fields.bytes(FRAME_BYTES_MAX)) };
  }
}

function parseExecuted(fields: Fields): EnclaveToWorker {
  return {
    type: "executed",
    height: fields.integer(),
    delta: fields.bytes(FRAME_BYTES_MAX),
    replies: fields.list(LIST_MAX, (list) =>
      list.nested((one) => ({
        requestId: one.fixed(32),
        height: one.integer(),
        reply: one.bytes(FRAME_BYTES_MAX),
      })),
    ),
    events: fields.list(LIST_MAX, (list) =>
      list.nested((one) => ({
        contract: one.fixed(32),
        height: one.integer(),
        name: one.text(NAME_LENGTH_MAX),
        fields: one.bytes(FRAME_BYTES_MAX),
      })),
    ),
  };
}
