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

/** @param inFlight - Requests under way at once, each on a connection of its own. */
export async function drive(
  url: string,
  shots: readonly Shot[],
  inFlight: number,
): Promise<Driven> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const target = new URL(url);
  const latenciesMs: number[] = [];
  let lastBody: Uint8Array = new Uint8Array(0);
  const queue = shots.values();
  const lane = async (): Promise<void> => {
    for (const shot of queue) {
      const start = performance.now();
      lastBody = await shoot(agent, target, shot);
      latenciesMs.push(performance.now() - start);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return { perSecond: shots.length / seconds, latenciesMs, lastBody };
}
