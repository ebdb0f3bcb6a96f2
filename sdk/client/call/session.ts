/**
 * One open session: seals requests and opens the replies to them.
 *
 * Its keys never leave it. Everything it seals names cluster, epoch, session, sequence and contract in
 * the AAD, so the operator cannot move a request to another place.
 *
 * @module
 */
import { encodeEnvelopeHeader, type EnvelopeHeader } from "#protocol/envelope.ts";
import { concat } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import { ENVELOPE_BYTES_MAX, SESSION_IDLE_MS } from "#protocol/limits.ts";
import { pad, unpad } from "#protocol/padding.ts";
import { parseReply, type Reply } from "#protocol/reply.ts";
import { encodeRequest, type RequestBody } from "#protocol/request.ts";
import type { Entropy, Primitives } from "#crypto/primitives.ts";
import { openMessage, replyAad, sealMessage, type SessionKeys } from "#crypto/session-keys.ts";
import type { ClusterName } from "#crypto/statements.ts";
import { Sequences } from "#sdk/client/call/sequences.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";

export interface SealedRequest {
  readonly envelope: Uint8Array;
  /** SHA-256 of the envelope. */
  readonly requestId: Uint8Array;
  readonly contract: Uint8Array;
}

/** A session unused this long may be dropped soon, so a new one is opened instead. */
const STALE_MS = (SESSION_IDLE_MS * 3) / 4;

interface SessionPowers {
  readonly primitives: Primitives;
  readonly entropy: Entropy;
}

export class Session {
  readonly commands = new Sequences();
  readonly #primitives: Primitives;
  readonly #entropy: Entropy;
  readonly #name: ClusterName;
  readonly #id: Uint8Array;
  readonly #keys: SessionKeys;
  #queries = 0;
  #usedMs = performance.now();

  constructor(powers: SessionPowers, name: ClusterName, id: Uint8Array, keys: SessionKeys) {
    this.#primitives = powers.primitives;
    this.#entropy = powers.entropy;
    this.#name = name;
    this.#id = id;
    this.#keys = keys;
  }

  /** Whether the enclave may have dropped it, for want of commands. Queries do not keep it alive. */
  get stale(): boolean {
    return performance.now() - this.#usedMs > STALE_MS;
  }

  sealQuery(contract: Uint8Array, body: RequestBody): SealedRequest {
    return this.#seal("query", ++this.#queries, contract, body);
  }

  /** @param sequence - From {@link commands}; sealed once, sent as often as needed. */
  sealCommand(sequence: number, contract: Uint8Array, body: RequestBody): SealedRequest {
    this.#usedMs = performance.now();
    return this.#seal("command", sequence, contract, body);
  }

  #seal(
    kind: "query" | "command",
    sequence: number,
    contract: Uint8Array,
    body: RequestBody,
  ): SealedRequest {
    const header: EnvelopeHeader = { ...this.#name, kind, session: this.#id, sequence, contract };
    const aad = encodeEnvelopeHeader(header);
    const key = kind === "query" ? this.#keys.queryRequest : this.#keys.commandRequest;
    const padded = pad(encodeRequest(body));
    const sealed = sealMessage(this.#primitives, this.#entropy, key, aad, padded);
    const envelope = concat([aad, sealed]);
    if (envelope.length > ENVELOPE_BYTES_MAX) {
      const facts = { bytes: envelope.length, limit: ENVELOPE_BYTES_MAX };
      throw clientError("VALUE_INVALID", "the request is too large", { facts });
    }
    return { envelope, requestId: this.#primitives.sha256(envelope), contract };
  }

  /**
   * Opens the reply to one request of this session.
   *
   * @param kind - The opening of a session is answered as a command is.
   * @throws {@link HermeticError} `REPLY_UNOPENED` if it was altered or answers something else.
   * @throws {@link HermeticError} `REPLY_MALFORMED` if what it holds is no reply.
   */
  open(kind: "query" | "command", requestId: Uint8Array, untrustedSealed: Uint8Array): Reply {
    const key = kind === "query" ? this.#keys.queryReply : this.#keys.commandReply;
    const aad = replyAad(requestId, this.#id);
    const padded = openMessage(this.#primitives, key, aad, untrustedSealed);
    if (padded === undefined) throw clientError("REPLY_UNOPENED");
    try {
      return parseReply(unpad(padded, "MESSAGE_MALFORMED"));
    } catch (error) {
      if (error instanceof Fault) throw clientError("REPLY_MALFORMED");
      throw error;
    }
  }
}
