/**
 * Entry point of a process that makes one HTTP request the way an enclave does: no network of its own,
 * egress messages as frames on standard input and output.
 *
 * It first tries what the permission model must refuse, so that a pass proves the confinement too.
 *
 * @module
 */
import { connect } from "node:net";
import { deserialize, serialize } from "node:v8";
import { createHttp, type Http } from "#platform/http/http.ts";
import { pack } from "#protocol/codec.ts";
import { encodeEgressFromEnclave, parseEgressToEnclave } from "#protocol/egress.ts";
import { FrameReader, frameHeader } from "#protocol/frames.ts";
import type { HttpResult } from "#protocol/http.ts";
import { callerOf } from "#test/support/http-caller.ts";

export interface ConfinedOrder {
  readonly url: string;
  readonly grants: readonly string[];
  readonly roots: readonly string[];
}

/** What the process says at the end. */
export interface ConfinedOutcome {
  readonly result: HttpResult;
  /** Whether a direct connection was refused by the permission model. */
  readonly confined: boolean;
  readonly environment: readonly string[];
}

function write(tag: "egress" | "outcome", bytes: Uint8Array): void {
  const frame = pack([tag, bytes]);
  process.stdout.write(frameHeader(frame));
  process.stdout.write(frame);
}

/** The refusal is thrown or emitted, as Node's version likes. */
function isConfined(): Promise<boolean> {
  const isRefusal = (error: unknown): boolean =>
    (error as NodeJS.ErrnoException).code === "ERR_ACCESS_DENIED";
  return new Promise((resolve) => {
    try {
      const socket = connect({ host: "127.0.0.1", port: 1 });
      socket.once("error", (error) => resolve(isRefusal(error)));
      socket.once("connect", () => resolve(false));
    } catch (error) {
      resolve(isRefusal(error));
    }
  });
}

async function run(http: Http, url: string): Promise<void> {
  const [result] = await http.live(callerOf()).fetch([{ method: "GET", url, headers: [] }]);
  const environment = Object.keys(process.env);
  write("outcome", serialize({ result, confined: await isConfined(), environment }));
  process.stdin.destroy();
}

const frames = new FrameReader();
let http: Http | undefined;

process.stdin.on("data", (chunk: Uint8Array) => {
  for (const frame of frames.push(chunk)) {
    if (http !== undefined) {
      http.receive(parseEgressToEnclave(frame));
      continue;
    }
    const order = deserialize(frame) as ConfinedOrder; // from the test itself
    http = createHttp({
      config: { egressGrants: order.grants, extraRoots: order.roots },
      send: (message) => write("egress", encodeEgressFromEnclave(message)),
    });
    void run(http, order.url);
  }
});
