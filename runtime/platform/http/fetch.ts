/**
 * One checked request from gate to decoded response: the only file that knows the whole sequence.
 *
 * Whatever the worker process or the server does, the outcome is a response or an error of the
 * table, within the deadline, with the tunnel closed. Each exchange has a connection of its own:
 * nothing is shared between contracts. A request is sent at most once.
 *
 * @module
 */
import type { Duplex } from "node:stream";
import type { SecureContext } from "node:tls";
import type { CheckedRequest } from "#host/http/checked-request.ts";
import { dial } from "#host/http/dial.ts";
import type { Gate } from "#host/http/gate.ts";
import type { Grants } from "#host/http/grants.ts";
import type { TunnelPower } from "#host/http/tunnel.ts";
import type { HttpResponse, HttpResult } from "#protocol/http.ts";
import { HTTP_WIRE_BYTES_MAX } from "#protocol/limits.ts";
import { Cleanup } from "./cleanup.ts";
import { Deadline, type Deadlines } from "./deadline.ts";
import { exchange } from "./exchange.ts";
import { HttpFailure } from "./failure.ts";
import { handshake } from "./handshake.ts";
import { decodeResponse } from "./response.ts";
import { tunnelStream } from "./tunnel-stream.ts";

export interface FetchContext {
  readonly tunnels: TunnelPower;
  readonly grants: Grants;
  readonly trust: SecureContext;
  readonly gate: Gate;
  readonly deadlines: Deadlines;
}

/** @param contract - Whose share of the gate the request takes. */
export async function fetchOne(
  context: FetchContext,
  contract: string,
  request: CheckedRequest,
): Promise<HttpResult> {
  const deadline = new Deadline(context.deadlines);
  const cleanup = new Cleanup();
  cleanup.add(() => deadline.clear());
  try {
    const sequence = run(context, contract, request, deadline, cleanup);
    return { ok: await Promise.race([sequence, deadline.failed]) };
  } catch (error) {
    if (error instanceof HttpFailure) return { error: error.reason };
    throw error;
  } finally {
    cleanup.run();
  }
}

async function run(
  { tunnels, grants, trust, gate }: FetchContext,
  contract: string,
  request: CheckedRequest,
  deadline: Deadline,
  cleanup: Cleanup,
): Promise<HttpResponse> {
  const ticket = gate.enter(contract);
  cleanup.add(() => ticket.release());
  await ticket.ready;
  deadline.progress();
  const dialing = dial(tunnels, request.target, grants, deadline.progress);
  cleanup.add(() => dialing.cancel());
  const tunnel = await dialing.outcome;
  if (typeof tunnel === "string") throw new HttpFailure(tunnel);
  const stream = tunnelStream(tunnel, HTTP_WIRE_BYTES_MAX, deadline);
  cleanup.add(() => destroy(stream));
  const socket = await handshake(stream, request.target.host, trust);
  cleanup.add(() => destroy(socket));
  return decodeResponse(await exchange(socket, request));
}

/** Late errors of a stream that is no longer wanted must not end the process. */
function destroy(stream: Duplex): void {
  stream.on("error", () => {});
  stream.destroy();
}
