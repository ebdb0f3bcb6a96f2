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
import type { HttpCaller } from "#host/http/power.ts";
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

/**
 * @param caller - Whose share of the gate the request takes.
 * @param spentMs - How much of its time is gone already.
 */
export async function fetchOne(
  context: FetchContext,
  { contract }: HttpCaller,
  request: CheckedRequest,
  spentMs: number,
): Promise<HttpResult> {
  const { totalMs, stallMs } = context.deadlines;
  const deadline = new Deadline({ totalMs: Math.max(0, totalMs - spentMs), stallMs });
  const cleanup = new Cleanup();
  cleanup.add(() => deadline.clear());
  try {
    const sequence = run(context, contract, request, deadline, cleanup);
    return { ok: await Promise.race([sequence, deadline.failed]) };
  } catch (error) {
    if (error instanceof HttpFailure) return error.refusal;
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
  if (typeof tunnel === "string") {
    throw new HttpFailure(tunnel, tunnel === "denied" ? "network" : "none");
  }
  const stream = tunnelStream(tunnel, HTTP_WIRE_BYTES_MAX, deadline);
  cleanup.add(() => destroy(stream));
  const socket = await handshake(stream, request.target.host, request.grant.pins, trust);
  cleanup.add(() => destroy(socket));
  return decodeResponse(await exchange(socket, request), request.grant.responseBytes);
}

/** Late errors of a stream that is no longer wanted must not end the process. */
function destroy(stream: Duplex): void {
  stream.on("error", () => {});
  stream.destroy();
}
