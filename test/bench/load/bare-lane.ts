/**
 * HTTP/1.1 over a bare socket: no more than it takes to ask and to find the end of the answer.
 *
 * A client on `node:http` takes more processor time for a request than the worker that serves it; on a machine
 * of few cores such a load generator would be most of what is measured.
 *
 * @module
 */
import { connect, type Socket } from "node:net";
import { MESSAGEPACK_TYPE } from "#protocol/api.ts";
import type { Lane, Shot } from "#test/bench/load/drive.ts";

const HEAD_END = "\r\n\r\n";
const OK = "HTTP/1.1 200 ";

interface Asked {
  readonly answered: (body: Uint8Array) => void;
  readonly failed: (error: Error) => void;
}

export class BareLane implements Lane {
  readonly #url: URL;
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #asked: Asked | undefined;

  constructor(url: URL) {
    this.#url = url;
    this.#socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    this.#socket.on("data", (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#take();
    });
    this.#socket.on("error", (error) => this.#asked?.failed(error));
    this.#socket.on("close", () => this.#asked?.failed(new Error("the connection was closed")));
  }

  shoot({ path, body }: Shot): Promise<Uint8Array> {
    const head =
      `POST ${path} HTTP/1.1\r\nHost: ${this.#url.host}\r\n` +
      `Content-Type: ${MESSAGEPACK_TYPE}\r\nContent-Length: ${body.length}${HEAD_END}`;
    return new Promise((answered, failed) => {
      this.#asked = { answered, failed };
      this.#socket.write(Buffer.concat([Buffer.from(head, "latin1"), body]));
    });
  }

  close(): void {
    this.#asked = undefined;
    this.#socket.destroy();
  }

  /** Hands out the answer, once it is there in full. */
  #take(): void {
    const bodyAt = this.#received.indexOf(HEAD_END) + HEAD_END.length;
    if (bodyAt < HEAD_END.length) return;
    const head = this.#received.toString("latin1", 0, bodyAt);
    const length = /^content-length: (\d+)\r$/im.exec(head)?.[1];
    if (!head.startsWith(OK) || length === undefined) {
      this.#asked?.failed(new Error(`refused: ${head.slice(0, head.indexOf("\r"))}`));
      return;
    }
    const end = bodyAt + Number(length);
    if (this.#received.length < end) return;
    const body = this.#received.subarray(bodyAt, end);
    this.#received = this.#received.subarray(end);
    this.#asked?.answered(body);
  }
}
