/**
 * `GET /v1/events`: public events as they are committed, as server-sent events.
 *
 * A listener that does not read is dropped: what waits for it would grow without bound.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { toHex } from "#protocol/bytes.ts";
import type { PublicEvent } from "#protocol/messages.ts";

const LISTENERS_MAX = 256;
/** Bytes that may wait for one listener. */
const WAITING_BYTES_MAX = 1024 * 1024;
/** Milliseconds between comments that keep idle connections open. */
const HEARTBEAT_MS = 15_000;

export class EventStreams {
  readonly #streams = new Map<ServerResponse, string | null>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    this.#heartbeat = setInterval(() => this.#write(": still here\n\n"), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  get size(): number {
    return this.#streams.size;
  }

  /**
   * Adds a listener. `?contract=HEX` narrows it to one contract.
   *
   * @returns False when there are too many.
   */
  add(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#streams.size >= LISTENERS_MAX) return false;
    const contract = new URL(request.url ?? "/", "http://worker").searchParams.get("contract");
    response.writeHead(200, {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store",
      "Access-Control-Allow-Origin": "*",
    });
    response.write(": open\n\n");
    this.#streams.set(response, contract?.toLowerCase() ?? null);
    response.on("close", () => this.#streams.delete(response));
    return true;
  }

  publish(events: readonly PublicEvent[]): void {
    if (this.#streams.size === 0) return;
    for (const event of events) {
      const contract = toHex(event.contract);
      const { height, name } = event;
      const data = JSON.stringify({ height, contract, name, fields: toHex(event.fields) });
      this.#write(`id: ${height}\nevent: contract\ndata: ${data}\n\n`, contract);
    }
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#streams.keys()) response.end();
  }

  #write(text: string, contract?: string): void {
    for (const [response, wanted] of this.#streams) {
      if (contract !== undefined && wanted !== null && wanted !== contract) continue;
      if (response.writableLength > WAITING_BYTES_MAX) response.destroy();
      else response.write(text);
    }
  }
}
