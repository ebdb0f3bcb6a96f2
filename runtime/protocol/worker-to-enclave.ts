/**
 * Byte forms of what the worker process sends to the enclave: the enclave's whole attack surface.
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import { encodeEgressToEnclave, parseEgressToEnclave } from "#protocol/egress.ts";
import { encodeConfig, parseConfig } from "#protocol/info.ts";
import { FRAME_BYTES_MAX } from "#protocol/limits.ts";
import type { WorkerToEnclave } from "#protocol/messages.ts";
import { Fields } from "#protocol/shape.ts";

/** In wire order: the first field of each message is the index of its type. Append only. */
const types = [
  "boot",
  "snapshot-piece",
  "delta",
  "entries",
  "restored",
  "request",
  "execute",
  "snapshot",
  "snapshot-stored",
  "info",
  "egress",
  "tick",
  "cancel",
] as const;

const parts = ["snapshot", "deltas", "entries"] as const;
const ENTRIES_MAX = 65_536;

function fieldsOf(message: WorkerToEnclave): readonly unknown[] {
  switch (message.type) {
    case "boot": {
      const { hardwareSecret, sealedCluster, config, logHeight, rebuild } = message;
      const height = integer(logHeight);
      return [hardwareSecret, sealedCluster ?? null, encodeConfig(config), height, rebuild];
    }
    case "snapshot-piece":
    case "delta":
      return [message.sealed];
    case "entries":
    case "execute":
      return [integer(message.firstHeight), message.entries];
    case "restored":
      return [parts.indexOf(message.part)];
    case "request":
      return [integer(message.id), message.envelope];
    case "snapshot":
      return [];
    case "snapshot-stored":
      return [integer(message.height)];
    case "info":
    case "cancel":
      return [integer(message.id)];
    case "egress":
      return [encodeEgressToEnclave(message.egress)];
    case "tick":
      return [message.always];
  }
}

export function encodeToEnclave(message: WorkerToEnclave): Uint8Array {
  return pack([types.indexOf(message.type), ...fieldsOf(message)]);
}

/** @throws {@link Fault} `MESSAGE_MALFORMED` for anything else. */
export function parseToEnclave(untrustedBytes: Uint8Array): WorkerToEnclave {
  const fields = Fields.parse(untrustedBytes, "MESSAGE_MALFORMED");
  const type = types[fields.integer(types.length - 1)];
  const message = type === undefined ? fields.fail() : parseOf(type, fields);
  fields.end();
  return message;
}

function parseOf(type: (typeof types)[number], fields: Fields): WorkerToEnclave {
  switch (type) {
    case "boot":
      return parseBoot(fields);
    case "snapshot-piece":
    case "delta":
      return { type, sealed: fields.bytes(FRAME_BYTES_MAX) };
    case "entries":
    case "execute": {
      const firstHeight = fields.integer();
      const entries = fields.list(ENTRIES_MAX, (list) => list.bytes(FRAME_BYTES_MAX));
      return { type, firstHeight, entries };
    }
    case "restored":
      return { type, part: parts[fields.integer(2)] ?? fields.fail() };
    case "request":
      // An envelope that is too long is its sender's fault, and answered: what it says is read elsewhere.
      return { type, id: fields.integer(), envelope: fields.bytes(FRAME_BYTES_MAX) };
    case "snapshot":
      return { type };
    case "snapshot-stored":
      return { type, height: fields.integer() };
    case "info":
    case "cancel":
      return { type, id: fields.integer() };
    case "egress":
      return { type, egress: parseEgressToEnclave(fields.bytes(FRAME_BYTES_MAX)) };
    case "tick":
      return { type, always: fields.boolean() };
  }
}

function parseBoot(fields: Fields): WorkerToEnclave {
  const hardwareSecret = fields.fixed(32);
  const sealedCluster = fields.optional((own) => own.bytes(FRAME_BYTES_MAX));
  const inner = Fields.parse(fields.bytes(FRAME_BYTES_MAX), "MESSAGE_MALFORMED");
  const config = parseConfig(inner);
  inner.end();
  const logHeight = fields.integer();
  const rebuild = fields.boolean();
  const boot = { type: "boot", hardwareSecret, config, logHeight, rebuild } as const;
  return sealedCluster === undefined ? boot : { ...boot, sealedCluster };
}
