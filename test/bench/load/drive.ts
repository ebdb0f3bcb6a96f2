/**
 * Keeps a number of HTTP requests in flight over kept-alive connections, and times each.
 *
 * @module
 */
import { Agent, request } from "node:http";

export interface Shot {
  readonly path: string;
  readonly body: Uint8Array;
}

export interface Driven {
  readonly perSecond: number;
  /** Milliseconds of each request. */
  readonly latenciesMs: readonly number[];
  /** The last body that came back. */
  readonly lastBody: Uint8Array;
}

/** A client: one connection, which is kept, and one request at a time. */
export interface Lane {
  /** @returns The body of the answer; rejects if the request is not served. */
  shoot(shot: Shot): Promise<Uint8Array>;
  close(): void;
}

class HttpLane implements Lane {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: URL;

  constructor(url: URL) {
    this.#url = url;
  }

  shoot(shot: Shot): Promise<Uint8Array> {
    return shoot(this.#agent, this.#url, shot);
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** One request over a connection of the agent's. @returns The body; rejects if it is not served. */
export function shoot(agent: Agent, url: URL, { path, body }: Shot): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = url;
    const outgoing = request({ agent, host, port, path, method: "POST" }, (response) => {
      const pieces: Uint8Array[] = [];
      response.on("data", (piece: Uint8Array) => pieces.push(piece));
      response.on("end", () => {
        if (response.statusCode === 200) resolve(Buffer.concat(pieces));
        else reject(new Error(`refused with status ${response.statusCode}`));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/**
 * @param inFlight - Requests under way at once, each on a connection of its own.
 * @param ClientLane - What sends them; clients on `node:http` unless told otherwise.
 */
export async function drive(
  url: string,
  shots: readonly Shot[],
  inFlight: number,
  ClientLane: new (url: URL) => Lane = HttpLane,
): Promise<Driven> {
  const latenciesMs: number[] = [];
  let lastBody: Uint8Array = new Uint8Array(0);
  const queue = shots.values();
  const run = async (lane: Lane): Promise<void> => {
    for (const shot of queue) {
      const start = performance.now();
      lastBody = await lane.shoot(shot);
      latenciesMs.push(performance.now() - start);
    }
  };
  const lanes = Array.from({ length: inFlight }, () => new ClientLane(new URL(url)));
  const start = performance.now();
  await Promise.all(lanes.map(run));
  const seconds = (performance.now() - start) / 1000;
  for (const lane of lanes) lane.close();
  return { perSecond: shots.length / seconds, latenciesMs, lastBody };
}
