/**
 * The public HTTP API: takes envelopes from clients, hands them to the enclave, gives back its answers.
 *
 * Everything that arrives is hostile and nothing of it is understood here: size, number, pace and
 * turn are limited, the rest is for the enclave. One answer per request, always typed.
 *
 * @module
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { apiPaths, MESSAGEPACK_TYPE } from "#protocol/api.ts";
import { fromHex } from "#protocol/bytes.ts";
import type { PublicEvent } from "#protocol/messages.ts";
import { envelopeOf, readBody } from "#worker/api/body.ts";
import { EventStreams } from "#worker/api/events.ts";
import { infoJson } from "#worker/api/info-json.ts";
import type { Listener } from "#worker/api/listener.ts";
import { type Gauges, Metrics } from "#worker/api/metrics.ts";
import { send, sendAnswer, sendJson, sendRefusal, wantsJson } from "#worker/api/respond.ts";
import { FairShare, type Place, type ShareLimits } from "#worker/api/share.ts";
import type { Respond } from "#worker/enclave/requests.ts";

/** What the API needs of the worker behind it. */
export interface Backend {
  /** @returns To be called when its sender has left. */
  request(envelope: Uint8Array, mayCommit: boolean, respond: Respond): () => void;
  info(respond: Respond): void;
  receipt(requestId: Uint8Array, respond: Respond): void;
  subscribe(listener: (events: readonly PublicEvent[]) => void): () => void;
  readonly status: Gauges;
}

const REQUEST_ID_BYTES = 32;

export class Api {
  readonly #backend: Backend;
  readonly #server: Server;
  readonly #share: FairShare;
  readonly #metrics = new Metrics();
  readonly #streams = new EventStreams();
  readonly #unsubscribe: () => void;
  #isStopping = false;

  /** Serves on what `listener` holds, from now on. */
  constructor(backend: Backend, listener: Listener, limits?: ShareLimits) {
    this.#backend = backend;
    this.#share = new FairShare(limits);
    this.#unsubscribe = backend.subscribe((events) => this.#streams.publish(events));
    this.#server = listener.admit();
    this.#server.on("request", (request, response) => this.#serve(request, response));
  }

  get url(): string {
    const { address, family, port } = this.#server.address() as AddressInfo; // it listens on TCP
    return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  /** Takes no new requests, answers those under way, closes all connections. */
  async stop(drainMs: number): Promise<void> {
    this.#isStopping = true;
    this.#streams.close();
    this.#unsubscribe();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), drainMs);
    await closed;
    clearTimeout(timer);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? "/";
    const question = url.indexOf("?");
    const path = question < 0 ? url : url.slice(0, question);
    const startMs = performance.now();
    if (this.#isStopping) response.shouldKeepAlive = false;
    response.on("finish", () => {
      const seconds = (performance.now() - startMs) / 1_000;
      this.#metrics.answered(knownPath(path), response.statusCode, seconds);
    });
    response.sendDate = false;
    switch (path) {
      case apiPaths.query:
      case apiPaths.command:
      case apiPaths.session:
        return this.#take(request, response, "POST", (place) => {
          this.#envelope(request, response, path !== apiPaths.query, place);
        });
      case apiPaths.info:
        return this.#take(request, response, "GET", (place) => {
          this.#info(request, response, place);
        });
      case apiPaths.events:
        return this.#events(request, response);
      case "/healthz":
        return this.#health(response);
      case "/metrics":
        return send(response, 200, "text/plain; version=0.0.4", this.#metrics.text(this.#gauges()));
    }
    if (!path.startsWith(apiPaths.receipt)) return sendRefusal(request, response, "PATH_UNKNOWN");
    return this.#take(request, response, "GET", (place) => {
      this.#receipt(request, response, path, place);
    });
  }

  /** Gives a request of the right method its place; `handle` releases it when it has answered. */
  #take(
    request: IncomingMessage,
    response: ServerResponse,
    method: string,
    handle: (place: Place) => void,
  ): void {
    if (request.method === "OPTIONS") return preflight(response);
    if (request.method !== method) return sendRefusal(request, response, "METHOD_NOT_ALLOWED");
    if (this.#isStopping) return sendRefusal(request, response, "STOPPING");
    const place = this.#share.enter(request.socket.remoteAddress ?? "");
    if (place === undefined) {
      response.shouldKeepAlive = false;
      return sendRefusal(request, response, "BUSY");
    }
    // An answer that nobody reads holds its place, and so does a question whose asker has left.
    response.on("close", () => place.release());
    handle(place);
  }

  #envelope(
    request: IncomingMessage,
    response: ServerResponse,
    mayCommit: boolean,
    place: Place,
  ): void {
    readBody(request, place, (end) => {
      if (end === undefined) return place.release();
      const envelope = "bytes" in end ? envelopeOf(end.bytes) : undefined;
      if (envelope === undefined) {
        place.release();
        // What is left of the body would be read for nothing.
        if (!request.complete) response.shouldKeepAlive = false;
        return sendRefusal(request, response, "refused" in end ? end.refused : "BODY_MALFORMED");
      }
      const leave = this.#backend.request(envelope, mayCommit, (answer) => {
        place.release();
        sendAnswer(request, response, answer);
      });
      response.on("close", leave);
    });
  }

  #info(request: IncomingMessage, response: ServerResponse, place: Place): void {
    this.#backend.info((answer) => {
      place.release();
      if (answer.kind === "refused") sendAnswer(request, response, answer);
      else if (wantsJson(request)) sendJson(response, 200, infoJson(answer.bytes));
      else send(response, 200, MESSAGEPACK_TYPE, answer.bytes);
    });
  }

  #receipt(request: IncomingMessage, response: ServerResponse, path: string, place: Place): void {
    const requestId = fromHex(path.slice(apiPaths.receipt.length));
    if (requestId?.length !== REQUEST_ID_BYTES) {
      place.release();
      return sendRefusal(request, response, "RECEIPT_UNKNOWN");
    }
    this.#backend.receipt(requestId, (answer) => {
      place.release();
      sendAnswer(request, response, answer);
    });
  }

  #events(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== "GET") return sendRefusal(request, response, "METHOD_NOT_ALLOWED");
    if (this.#isStopping) return sendRefusal(request, response, "STOPPING");
    if (!this.#streams.add(request, response)) sendRefusal(request, response, "BUSY");
  }

  #health(response: ServerResponse): void {
    if (this.#isStopping) sendJson(response, 503, { status: "stopping" });
    else sendJson(response, 200, { status: "ok" });
  }

  #gauges(): Gauges {
    const { requests, bytes } = this.#share;
    const own = { requests_under_way: requests, body_bytes: bytes, streams: this.#streams.size };
    return { ...this.#backend.status, ...own };
  }
}

const fixedPaths: readonly string[] = [...Object.values(apiPaths), "/healthz", "/metrics"];

/** A path as a metric's label: a client's text must not become one. */
function knownPath(path: string): string {
  if (path.startsWith(apiPaths.receipt)) return apiPaths.receipt;
  return fixedPaths.includes(path) ? path : "other";
}

function preflight(response: ServerResponse): void {
  response.writeHead(204, {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type, Accept",
    "Access-Control-Max-Age": "86400",
  });
  response.end();
}
