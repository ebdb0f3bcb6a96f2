/**
 * Seals and signs replies: the only way a result leaves the enclave.
 *
 * @module
 */
import { RECEIPTS_MAX } from "#protocol/limits.ts";
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
import {
  headStatement,
  receiptsStatement,
  receiptStatement,
  type ClusterName,
} from "#crypto/statements.ts";
import type { Session } from "#session/sessions.ts";

/** Stands for the hash of the code where no code ran. */
export const NO_HASH: Uint8Array = new Uint8Array(32);

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

/** Stands where a group has fewer receipts; no receipt has this hash. */
const NO_RECEIPT: Uint8Array = new Uint8Array(32);

/** An answer, and the state it was made from. */
export interface Placed {
  readonly answered: Answered;
  readonly height: number;
  readonly digest: Uint8Array;
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
    const [sealed] = this.sealAll([{ answered, height, digest }]);
    if (sealed === undefined) throw new Error("one answer gives one reply");
    return sealed;
  }

  /**
   * Seals a few replies under one signature for all receipts among them: signing costs as much as
   * executing a small command.
   *
   * @param answers - At most {@link RECEIPTS_MAX}.
   */
  sealAll(answers: readonly Placed[]): Uint8Array[] {
    const placed = answers.map(({ answered, height, digest }) => {
      const head = { height, digest, bootEpoch: this.#bootEpoch, measurement: this.#measurement };
      return { answered, head };
    });
    const commands = placed.filter(({ answered }) => answered.kind === "command");
    const receipts = commands.map(({ answered, head }) => this.#receipt(answered, head));
    // The operator decides what is executed together: the number must not move a reply's size.
    while (receipts.length < RECEIPTS_MAX) receipts.push(NO_RECEIPT);
    const signature =
      commands.length === 0 ? undefined : this.#signer.sign(receiptsStatement(receipts));
    return placed.map(({ answered, head }) =>
      answered.kind === "command" && signature !== undefined
        ? this.#sealOne(answered, head, signature, receipts)
        : this.#sealOne(answered, head, this.#headSignature(head), []),
    );
  }

  #sealOne(
    answered: Answered,
    head: Head,
    signature: Uint8Array,
    receipts: readonly Uint8Array[],
  ): Uint8Array {
    const { kind, requestId, session, codeHash, outcome, gasUsed, events, logs } = answered;
    const { height } = head;
    const reply = { outcome, height, gasUsed, events, logs, codeHash, head, signature, receipts };
    const key = kind === "query" ? session.keys.queryReply : session.keys.commandReply;
    const aad = replyAad(requestId, session.id);
    return sealMessage(this.#primitives, this.#entropy, key, aad, pad(encodeReply(reply)));
  }

  #receipt(answered: Answered, head: Head): Uint8Array {
    const { requestId, contract, codeHash, outcome } = answered;
    const receipt = { requestId, contract, codeHash, outcome, ...head };
    return this.#primitives.sha256(receiptStatement(this.#primitives, this.#name, receipt));
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
