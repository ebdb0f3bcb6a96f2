/**
 * One checked request from gate to decoded response: the only file that knows the whole sequence.
 *
 * Whatever the worker process or the server does, the outcome is a response or an error of the
 * table, within the deadline, with the tunnel closed or resting. A request is sent at most once, but for one that does
 * no more when it comes twice: such a request may find a resting connection that its server is just closing, and is
 * then sent again on a new one.
 *
 * @module
 */
import type { SecureContext } from "node:tls";
import { toHex } from "#protocol/bytes.ts";
import type { CheckedRequest } from "#host/http/checked-request.ts";
import { dial } from "#host/http/dial.ts";
import type { Gate } from "#host/http/gate.ts";
import type { Grants } from "#host/http/grants.ts";
import { isRepeatable } from "#host/http/repeatable.ts";
import type { HttpCaller } from "#host/http/power.ts";
import type { TunnelPower } from "#host/http/tunnel.ts";
import type { HttpResponse, HttpResult } from "#protocol/http.ts";
import { HTTP_WIRE_BYTES_MAX } from "#protocol/limits.ts";
import { after } from "./after.ts";
import { Cleanup } from "./cleanup.ts";
import { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { Deadline, type Deadlines } from "./deadline.ts";
import { exchange, type RawResponse } from "./exchange.ts";
import { HttpFailure } from "./failure.ts";
import { handshake } from "./handshake.ts";
import { decodeResponse } from "./response.ts";
import { tunnelStream } from "./tunnel-stream.ts";

export interface FetchContext {
  readonly tunnels: TunnelPower;
  readonly grants: Grants;
  readonly trust: SecureContext;
  readonly gate: Gate;
  readonly connections: Connections;
  readonly deadlines: Deadlines;
}

/**
 * @param caller - Whose share of the gate the request takes, and whose connections it may use.
 * @param leftMs - Time that it may take at most.
 */
export async function fetchOne(
  context: FetchContext,
  { contract, call }: HttpCaller,
  request: CheckedRequest,
  leftMs: number,
): Promise<HttpResult> {
  const totalMs = Math.max(0, Math.min(context.deadlines.totalMs, leftMs));
  const deadline = new Deadline({ ...context.deadlines, totalMs });
  const cleanup = new Cleanup();
  cleanup.add(() => deadline.clear());
  cleanup.add(call.cancellation?.on(() => deadline.fail("timeout")) ?? (() => {}));
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
  context: FetchContext,
  contract: string,
  request: CheckedRequest,
  deadline: Deadline,
  cleanup: Cleanup,
): Promise<HttpResponse> {
  const ticket = context.gate.enter(contract);
  cleanup.add(() => ticket.release());
  await ticket.ready;
  const raw =
    (await onResting(context, contract, request, deadline, cleanup)) ??
    (await onNew(context, contract, request, deadline, cleanup));
  return decodeResponse(raw, request.grant.responseBytes);
}

/** @returns Nothing if there is no resting connection for the request, or it was closed before anything came. */
async function onResting(
  { connections }: FetchContext,
  contract: string,
  request: CheckedRequest,
  deadline: Deadline,
  cleanup: Cleanup,
): Promise<RawResponse | undefined> {
  if (!isRepeatable(request)) return undefined;
  const origin = originOf(request);
  const connection = connections.take(contract, origin);
  if (connection === undefined) return undefined;
  connection.line.watch(deadline);
  const { bytesRead } = connection.socket;
  cleanup.add(() => connections.keep(contract, origin, connection));
  try {
    return await whole(connection, request, deadline);
  } catch (error) {
    const isLost = connection.socket.bytesRead === bytesRead && !deadline.isOver;
    connection.destroy();
    if (!isLost || !(error instanceof HttpFailure)) throw error;
    return undefined;
  }
}

async function onNew(
  { tunnels, grants, trust, connections }: FetchContext,
  contract: string,
  request: CheckedRequest,
  deadline: Deadline,
  cleanup: Cleanup,
): Promise<RawResponse> {
  const { target, grant } = request;
  deadline.enter("dial");
  const dialing = dial(tunnels, target, grants, after);
  cleanup.add(() => dialing.cancel());
  const tunnel = await dialing.outcome;
  if (typeof tunnel === "string") {
    throw new HttpFailure(tunnel, tunnel === "denied" ? "network" : "none");
  }
  const line = tunnelStream(tunnel, HTTP_WIRE_BYTES_MAX, deadline);
  const close = (): void => {
    // Late errors of a stream that is no longer wanted must not end the process.
    line.stream.on("error", () => {});
    line.stream.destroy();
  };
  let isHandedOn = false;
  cleanup.add(() => {
    if (!isHandedOn) close();
  });
  deadline.enter("handshake");
  const socket = await handshake(line.stream, target.host, grant.pins, trust);
  const connection = new Connection(socket, line);
  isHandedOn = true;
  cleanup.add(() => connections.keep(contract, originOf(request), connection));
  return whole(connection, request, deadline);
}

/** One exchange, until it is known whether the connection can be used again. */
async function whole(
  connection: Connection,
  request: CheckedRequest,
  deadline: Deadline,
): Promise<RawResponse> {
  const raw = await exchange(connection.socket, request, connection.agent, deadline);
  await connection.settled();
  return raw;
}

/** What two exchanges must agree in to use one connection. */
function originOf({ target, grant }: CheckedRequest): string {
  return [target.host, target.port, ...grant.pins.map(toHex)].join(" ");
}
