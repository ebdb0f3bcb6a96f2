/**
 * A client with no manners: makes any envelope, right or wrong, straight from the primitives.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { hpkeSend } from "#crypto/hpke.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { portablePrimitives } from "#crypto/portable/primitives.ts";
import {
  deriveSessionKeys,
  openMessage,
  replyAad,
  sealMessage,
  sessionId,
  sessionInfo,
  sessionSecret,
  type SessionKeys,
} from "#crypto/session-keys.ts";
import { sessionCertificate, type ClusterName } from "#crypto/statements.ts";
import { concat } from "#protocol/bytes.ts";
import { parseDescription, type Description } from "#protocol/description.ts";
import {
  encodeEnvelopeHeader,
  type EnvelopeHeader,
  type EnvelopeKind,
} from "#protocol/envelope.ts";
import type { WorkerInfo } from "#protocol/info.ts";
import { COMMAND_GAS_MAX } from "#protocol/limits.ts";
import { pad, unpad } from "#protocol/padding.ts";
import { parseReply, type Reply } from "#protocol/reply.ts";
import {
  encodeCertificate,
  encodeRequest,
  type CallBody,
  type Certificate,
  type DeployBody,
  type RequestBody,
  type UpgradeBody,
} from "#protocol/request.ts";
import { systemEntropy, type Decision, type Operator } from "#test/support/operator.ts";

export const ZERO32: Uint8Array = new Uint8Array(32);
const ZERO16: Uint8Array = new Uint8Array(16);
const NO_ARGS: Uint8Array = Uint8Array.of(0x90);

const primitives: Primitives = portablePrimitives;

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}

/** What may be wrong about a session request. */
export interface SessionTwist {
  readonly name?: ClusterName;
  readonly clusterKey?: Uint8Array;
  readonly header?: Partial<EnvelopeHeader>;
  readonly certificate?: Partial<Certificate>;
  /** Cluster, epoch and time that the wallet signs for. */
  readonly signedName?: ClusterName;
  readonly signedAtMs?: number;
  readonly plaintext?: Uint8Array;
}

export interface OpenedSession {
  readonly envelope: Uint8Array;
  readonly id: Uint8Array;
  readonly keys: SessionKeys;
}

/** A session request of the wallet with `seed`. */
export function openSession(
  info: WorkerInfo,
  seed: Uint8Array,
  twist: SessionTwist = {},
): OpenedSession {
  const wallet = primitives.ed25519Signer(seed);
  const name = twist.name ?? info;
  const sent = hpkeSend(
    primitives,
    systemEntropy,
    twist.clusterKey ?? info.clusterKey,
    sessionInfo(name),
  );
  if (sent === undefined) throw new Error("the cluster key is of low order");
  const { encapsulated, context } = sent;
  const issuedAtMs = twist.certificate?.issuedAtMs ?? info.timeMs;
  const signed = sessionCertificate(
    twist.signedName ?? name,
    encapsulated,
    twist.signedAtMs ?? issuedAtMs,
  );
  const certificate = {
    account: wallet.publicKey,
    issuedAtMs,
    signature: wallet.sign(signed),
    ...twist.certificate,
  };
  const aad = encodeEnvelopeHeader({
    kind: "session",
    cluster: name.cluster,
    epoch: name.epoch,
    session: ZERO16,
    sequence: 0,
    contract: ZERO32,
    ...twist.header,
  });
  const plaintext = twist.plaintext ?? pad(encodeCertificate(certificate));
  const sealed = primitives.aesGcmSeal(context.key, context.nonce, aad, plaintext);
  return {
    envelope: concat([aad, encapsulated, sealed]),
    id: sessionId(primitives, encapsulated),
    keys: deriveSessionKeys(primitives, sessionSecret(context)),
  };
}

/** A reply or, when there was nobody to seal it for, a fault. */
export type Result = Reply | Extract<Decision, { kind: "rejected" }>;

export class RawClient {
  readonly operator: Operator;
  readonly account: Uint8Array;
  readonly id: Uint8Array;
  readonly keys: SessionKeys;
  readonly #name: ClusterName;
  readonly #sequences = { session: 0, query: 0, command: 0 };

  private constructor(
    operator: Operator,
    info: WorkerInfo,
    seed: Uint8Array,
    session: OpenedSession,
  ) {
    this.operator = operator;
    this.#name = { cluster: info.cluster, epoch: info.epoch };
    this.account = primitives.ed25519Signer(seed).publicKey;
    this.id = session.id;
    this.keys = session.keys;
  }

  /** A client whose session request is, or will be, in the log. */
  static of(operator: Operator, session: OpenedSession, wallet = 1): RawClient {
    return new RawClient(operator, operator.info(), new Uint8Array(32).fill(wallet), session);
  }

  /** Opens a session in the log. */
  static async open(operator: Operator, wallet = 1): Promise<RawClient> {
    const info = operator.info();
    const seed = new Uint8Array(32).fill(wallet);
    const session = openSession(info, seed);
    const client = new RawClient(operator, info, seed, session);
    client.read(session.envelope, await operator.submit(session.envelope));
    return client;
  }

  /** An envelope as it should be, but for what `header` and `key` override. */
  envelope(
    kind: EnvelopeKind,
    contract: Uint8Array,
    body: RequestBody | Uint8Array,
    twist: { readonly header?: Partial<EnvelopeHeader>; readonly key?: Uint8Array } = {},
  ): Uint8Array {
    const sequence = twist.header?.sequence ?? ++this.#sequences[kind];
    const header = { kind, ...this.#name, session: this.id, sequence, contract, ...twist.header };
    const aad = encodeEnvelopeHeader(header);
    const own = kind === "query" ? this.keys.queryRequest : this.keys.commandRequest;
    const plaintext = body instanceof Uint8Array ? body : pad(encodeRequest(body));
    const sealed = sealMessage(primitives, systemEntropy, twist.key ?? own, aad, plaintext);
    return concat([aad, sealed]);
  }

  /** Opens what came back for an envelope. @throws if a reply does not open with this session's keys. */
  read(envelope: Uint8Array, decision: Decision): Result {
    if (decision.kind === "rejected") return decision;
    if (decision.kind === "admitted") throw new Error("an entry is no reply");
    const { queryReply, commandReply } = this.keys;
    const key = envelope[1] === 2 ? queryReply : commandReply;
    const padded = openMessage(
      primitives,
      key,
      replyAad(sha256(envelope), this.id),
      decision.reply,
    );
    if (padded === undefined) throw new Error("the reply is not for this request");
    return parseReply(unpad(padded, "MESSAGE_MALFORMED"));
  }

  async submit(envelope: Uint8Array): Promise<Result> {
    return this.read(envelope, await this.operator.submit(envelope));
  }

  command(
    contract: Uint8Array,
    method: string,
    args = NO_ARGS,
    gasLimit = COMMAND_GAS_MAX,
  ): Promise<Result> {
    return this.submit(this.envelope("command", contract, call(method, args, gasLimit)));
  }

  query(
    contract: Uint8Array,
    method: string,
    args = NO_ARGS,
    gasLimit = COMMAND_GAS_MAX,
  ): Promise<Result> {
    return this.submit(this.envelope("query", contract, call(method, args, gasLimit)));
  }

  deploy(component: Uint8Array, overrides: Partial<DeployBody> = {}): Promise<Result> {
    return this.submit(this.envelope("command", ZERO32, deployment(component, overrides)));
  }

  upload(component: Uint8Array, gasLimit = COMMAND_GAS_MAX): Promise<Result> {
    return this.submit(this.envelope("command", ZERO32, { op: "upload", component, gasLimit }));
  }

  /** Upgrades a contract to code, by default with the code's own `@migrate` method. */
  upgrade(
    contract: Uint8Array,
    component: Uint8Array,
    overrides: Partial<UpgradeBody> = {},
  ): Promise<Result> {
    const body: UpgradeBody = {
      op: "upgrade",
      code: { component },
      version: 0,
      method: "migrate",
      args: NO_ARGS,
      gasLimit: COMMAND_GAS_MAX,
      ...overrides,
    };
    return this.submit(this.envelope("command", contract, body));
  }

  /** Freezes or destroys a contract. */
  end(op: "freeze" | "destroy", contract: Uint8Array, version = 0): Promise<Result> {
    return this.submit(this.envelope("command", contract, { op, version }));
  }

  async describe(contract: Uint8Array): Promise<Description> {
    const envelope = this.envelope("query", contract, { op: "describe" });
    return parseDescription(valueOf(await this.submit(envelope)));
  }

  /** Whether the cluster holds code. */
  async holds(hash: Uint8Array): Promise<boolean> {
    const value = valueOf(
      await this.submit(this.envelope("query", ZERO32, { op: "has-code", hash })),
    );
    return value[0] === 0xc3;
  }

  /** Deploys, or says why not. @returns The contract's address. */
  async deployed(component: Uint8Array, overrides: Partial<DeployBody> = {}): Promise<Uint8Array> {
    const result = await this.deploy(component, overrides);
    return valueOf(result).slice(2);
  }
}

export function call(method: string, args = NO_ARGS, gasLimit = COMMAND_GAS_MAX): CallBody {
  return { op: "call", method, args, gasLimit };
}

export function deployment(component: Uint8Array, overrides: Partial<DeployBody> = {}): DeployBody {
  const body = {
    op: "deploy",
    code: { component },
    salt: new Uint8Array(0),
    method: "",
    args: NO_ARGS,
  } as const;
  return { ...body, gasLimit: COMMAND_GAS_MAX, secrets: [], ...overrides };
}

/** How a request ended, in one word: `returned`, the name of a typed failure, or a fault's code. */
export function ending(result: Result): string {
  if ("kind" in result) return result.code;
  const { outcome } = result;
  if (outcome.kind === "returned") return outcome.kind;
  return outcome.kind === "failed" ? outcome.name : outcome.code;
}

export function valueOf(result: Result): Uint8Array {
  if ("outcome" in result && result.outcome.kind === "returned") return result.outcome.value;
  throw new Error(`no value but ${ending(result)}`);
}

export function replyOf(result: Result): Reply {
  if ("outcome" in result) return result;
  throw new Error(`no reply but ${result.code}`);
}
