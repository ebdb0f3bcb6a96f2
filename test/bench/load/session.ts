/**
 * A client for load: seals its requests ahead of time, so that what is measured is the worker.
 *
 * @module
 */
import { randomFillSync } from "node:crypto";
import { openMessage, replyAad, sealMessage } from "#crypto/session-keys.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { apiPaths, encodeSealedBody, parseSealedBody } from "#protocol/api.ts";
import { concat } from "#protocol/bytes.ts";
import { encodeEnvelopeHeader } from "#protocol/envelope.ts";
import { parseInfo, type WorkerInfo } from "#protocol/info.ts";
import { COMMAND_GAS_MAX } from "#protocol/limits.ts";
import { pad, unpad } from "#protocol/padding.ts";
import { parseReply, type Reply } from "#protocol/reply.ts";
import { encodeRequest, type RequestBody } from "#protocol/request.ts";
import { openSession, type OpenedSession } from "#test/support/raw-client.ts";

const NO_ARGS: Uint8Array = Uint8Array.of(0x90);
const ZERO: Uint8Array = new Uint8Array(32);

function entropy(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length));
}

export interface SealedRequest {
  readonly path: string;
  readonly body: Uint8Array;
  readonly envelope: Uint8Array;
}

export class LoadSession {
  readonly #url: string;
  readonly #info: WorkerInfo;
  readonly #session: OpenedSession;
  readonly #sequences = { query: 0, command: 0 };

  private constructor(url: string, info: WorkerInfo, session: OpenedSession) {
    this.#url = url;
    this.#info = info;
    this.#session = session;
  }

  static async open(url: string): Promise<LoadSession> {
    const answer = await fetch(url + apiPaths.info);
    const info = parseInfo(new Uint8Array(await answer.arrayBuffer()));
    const session = openSession(info, entropy(32));
    const client = new LoadSession(url, info, session);
    const body = encodeSealedBody(session.envelope);
    await client.send({ path: apiPaths.session, body, envelope: session.envelope });
    return client;
  }

  seal(kind: "query" | "command", contract: Uint8Array, body: RequestBody): SealedRequest {
    const { cluster, epoch } = this.#info;
    const { id, keys } = this.#session;
    const sequence = ++this.#sequences[kind];
    const aad = encodeEnvelopeHeader({ kind, cluster, epoch, session: id, sequence, contract });
    const key = kind === "query" ? keys.queryRequest : keys.commandRequest;
    const sealed = sealMessage(nodePrimitives, entropy, key, aad, pad(encodeRequest(body)));
    const envelope = concat([aad, sealed]);
    return { path: apiPaths[kind], body: encodeSealedBody(envelope), envelope };
  }

  call(
    kind: "query" | "command",
    contract: Uint8Array,
    method: string,
    args = NO_ARGS,
  ): SealedRequest {
    const gasLimit = COMMAND_GAS_MAX;
    return this.seal(kind, contract, { op: "call", method, args, gasLimit });
  }

  async deploy(component: Uint8Array): Promise<Uint8Array> {
    const body = {
      op: "deploy",
      code: { component },
      salt: entropy(8),
      method: "init",
      args: NO_ARGS,
    } as const;
    const request = this.seal("command", ZERO, { ...body, gasLimit: COMMAND_GAS_MAX, secrets: [] });
    const { outcome } = await this.send(request);
    if (outcome.kind !== "returned") throw new Error(`deployment ended as ${outcome.kind}`);
    return outcome.value.slice(2); // behind the MessagePack header of 32 bytes
  }

  /** Sends one request and opens its reply. */
  async send(request: SealedRequest): Promise<Reply> {
    const answer = await fetch(this.#url + request.path, {
      method: "POST",
      body: request.body.slice(),
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (!answer.ok) throw new Error(`refused with status ${answer.status}`);
    return this.open(request, parseSealedBody(bytes));
  }

  /** Opens a reply; throws if it is not the one to this request. */
  open(request: SealedRequest, sealed: Uint8Array): Reply {
    const { id, keys } = this.#session;
    const key = request.path === apiPaths.query ? keys.queryReply : keys.commandReply;
    const requestId = nodePrimitives.sha256(request.envelope);
    const padded = openMessage(nodePrimitives, key, replyAad(requestId, id), sealed);
    if (padded === undefined) throw new Error("the reply is not for this request");
    return parseReply(unpad(padded, "MESSAGE_MALFORMED"));
  }
}
