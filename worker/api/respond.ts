/**
 * Writing answers: MessagePack, or JSON for those who ask for it.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { encodeClearFault, encodeSealedBody, MESSAGEPACK_TYPE } from "#protocol/api.ts";
import type { Facts } from "#protocol/fault.ts";
import { faults, readableCode, type Side } from "#protocol/faults.ts";
import { type WorkerCode, workerCodes } from "#worker/codes.ts";
import type { Answer } from "#worker/enclave/requests.ts";

/** Anybody may call from any page: all that matters is sealed, and nothing here uses cookies. */
const OPEN_TO_ALL = ["Access-Control-Allow-Origin", "*"];

export function wantsJson(request: IncomingMessage): boolean {
  return request.headers.accept?.includes("application/json") ?? false;
}

export function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: Uint8Array | string,
): void {
  if (response.headersSent || response.destroyed) return;
  const length = String(typeof body === "string" ? Buffer.byteLength(body) : body.length);
  response.writeHead(status, ["Content-Type", type, "Content-Length", length, ...OPEN_TO_ALL]);
  response.end(body);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, "application/json", `${JSON.stringify(value)}\n`);
}

/** A sealed reply, or why there is none. */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): void {
  if (answer.kind === "refused") sendFault(request, response, answer.number, answer.facts);
  else if (wantsJson(request)) {
    sendJson(response, 200, { reply: Buffer.from(answer.bytes).toString("base64") });
  } else send(response, 200, MESSAGEPACK_TYPE, encodeSealedBody(answer.bytes));
}

export function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  code: WorkerCode,
  facts: Facts = {},
): void {
  sendFault(request, response, workerCodes[code], facts);
}

function sendFault(
  request: IncomingMessage,
  response: ServerResponse,
  number: number,
  facts: Facts,
): void {
  const { code, status } = describe(number);
  if (wantsJson(request)) {
    sendJson(response, status, { fault: readableCode(number), code, facts });
  } else send(response, status, MESSAGEPACK_TYPE, encodeClearFault({ number, facts }));
}

/** Statuses that say more than whose fault it was. */
const STATUSES: Readonly<Record<number, number>> = {
  [faults.ENVELOPE_TOO_LARGE.number]: 413,
  [faults.SESSION_UNKNOWN.number]: 401,
  [faults.SESSION_CERTIFICATE.number]: 401,
  [faults.SESSION_REPLAYED.number]: 409,
  [faults.SESSION_LIMIT.number]: 503,
  [faults.BUSY.number]: 503,
  [workerCodes.BODY_MALFORMED]: 400,
  [workerCodes.PATH_UNKNOWN]: 404,
  [workerCodes.RECEIPT_UNKNOWN]: 404,
  [workerCodes.METHOD_NOT_ALLOWED]: 405,
  [workerCodes.REQUEST_TIMEOUT]: 408,
  [workerCodes.BODY_TOO_LARGE]: 413,
  [workerCodes.BUSY]: 503,
  [workerCodes.ANSWER_TIMEOUT]: 504,
  [workerCodes.STOPPING]: 503,
};

const known = new Map<number, { code: string; status: number }>([
  ...Object.entries(faults).map(([code, fault]) => [fault.number, row(code, fault)] as const),
  ...Object.entries(workerCodes).map(([code, number]) => {
    return [number, row(code, { number, side: "enclave" })] as const;
  }),
]);

function row(code: string, { number, side }: { number: number; side: Side }) {
  return { code, status: STATUSES[number] ?? (side === "client" ? 400 : 500) };
}

function describe(number: number): { code: string; status: number } {
  return known.get(number) ?? { code: "UNKNOWN", status: 500 };
}
