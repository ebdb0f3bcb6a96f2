/**
 * Seals and signs replies: the only way a result leaves the enclave.
 *
 * @module
 */
import {
  encodeReply,
  type Head,
  type Outcome,
  type ReplyEvent,
  type ReplyLog,
} from "#protocol/reply.ts";
import { pad } from "#protocol/padding.ts";
import type { Entropy, Primitives, Signer } from "#crypto/primitives.ts";
import { replyAad, sealMessage } from "#crypto/session-keys.ts";
import { headStatement, receiptStatement, type ClusterName } from "#crypto/statements.ts";
import type { Session } from "#session/sessions.ts";

/** What the caller of a request gets to know. */
export interface Answer {
  readonly requestId: Uint8Array;
  readonly session: Session;
  readonly contract: Uint8Array;
  readonly codeHash: Uint8Array;
  readonly outcome: Outcome;
  readonly gasUsed: number;
  readonly events: readonly ReplyEvent[];
  readonly logs: readonly ReplyLog[];
}

/** An answer, and to what: before it is signed. */
export interface Answered extends Answer {
  readonly kind: "session" | "query" | "command";
}

export class Replier {
  readonly #primitives: Primitives;
  readonly #entropy: Entropy;
  readonly #name: ClusterName;
  readonly #signer: Signer;
  readonly #measurement: Uint8Array;
  readonly #bootEpoch: number;
  #signed: { readonly height: number; readonly signature: Uint8Array } | undefined;

  constructor(
    primitives: Primitives,
    entropy: Entropy,
    name: ClusterName,
    signer: Signer,
    measurement: Uint8Array,
    bootEpoch: number,
  ) {
    this.#primitives = primitives;
    this.#entropy = entropy;
    this.#name = name;
    this.#signer = signer;
    this.#measurement = measurement;
    this.#bootEpoch = bootEpoch;
  }

  /** @param height - Of the state the answer was made from; `digest` is the digest at it. */
  seal(answered: Answered, height: number, digest: Uint8Array): Uint8Array {
    const { kind, requestId, session, codeHash, outcome, gasUsed, events, logs } = answered;
    const head = { height, digest, bootEpoch: this.#bootEpoch, measurement: this.#measurement };
    const signature =
      kind === "command" ? this.#receipt(answered, head) : this.#headSignature(head);
    const reply = { outcome, height, gasUsed, events, logs, codeHash, head, signature };
    const key = kind === "query" ? session.keys.queryReply : session.keys.commandReply;
    const aad = replyAad(requestId, session.id);
    return sealMessage(this.#primitives, this.#entropy, key, aad, pad(encodeReply(reply)));
  }

  #receipt(answered: Answered, head: Head): Uint8Array {
    const { requestId, contract, codeHash, outcome } = answered;
    const receipt = { requestId, contract, codeHash, outcome, ...head };
    return this.#signer.sign(receiptStatement(this.#primitives, this.#name, receipt));
  }

  /** One signature a height serves every query at that height. */
  #headSignature(head: Head): Uint8Array {
    if (this.#signed?.height !== head.height) {
      const signature = this.#signer.sign(headStatement(this.#name, head));
      this.#signed = { height: head.height, signature };
    }
    return this.#signed.signature;
  }
}
