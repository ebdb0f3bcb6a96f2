/**
 * Reading request bodies: the size is checked while the bytes arrive, never after.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import { BODY_BYTES_MAX, parseSealedBody } from "#protocol/api.ts";
import { Fault } from "#protocol/fault.ts";
import type { WorkerCode } from "#worker/codes.ts";
import type { Place } from "#worker/api/share.ts";

/** What the runtime keeps for each chunk besides its bytes: they may come one at a time. */
const CHUNK_BYTES = 512;

/** The body, or why it was not taken. */
export type BodyEnd = { readonly bytes: Uint8Array } | { readonly refused: WorkerCode };

/**
 * Collects a body.
 *
 * @param place - Counts the bytes that all bodies hold.
 * @param done - Called once, with nothing if the client went away first.
 */
export function readBody(
  request: IncomingMessage,
  place: Place,
  done: (end: BodyEnd | undefined) => void,
): void {
  let bytes = 0;
  let isOver = false;
  const chunks: Buffer[] = [];
  const finish = (end: BodyEnd | undefined): void => {
    if (isOver) return;
    isOver = true;
    done(end);
  };
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > BODY_BYTES_MAX) return finish({ refused: "BODY_TOO_LARGE" });
  request.on("data", (chunk: Buffer) => {
    if (isOver) return;
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) finish({ refused: "BODY_TOO_LARGE" });
    else if (place.hold(chunk.length + CHUNK_BYTES)) chunks.push(chunk);
    else finish({ refused: "BUSY" });
  });
  request.on("end", () => {
    const [first] = chunks;
    const whole = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    finish({ bytes: whole });
  });
  request.on("close", () => finish(undefined));
}

const BIN_HEADERS = new Map([
  [0xc4, 1],
  [0xc5, 2],
  [0xc6, 4],
]);

/**
 * The envelope in a body, without a copy: an array of one byte string.
 *
 * @returns Nothing if the body has another shape. What is inside is for the enclave to judge.
 */
export function envelopeOf(untrustedBody: Uint8Array): Uint8Array | undefined {
  const width = BIN_HEADERS.get(untrustedBody[1] ?? 0);
  if (untrustedBody[0] !== 0x91 || width === undefined) return parsedEnvelope(untrustedBody);
  let length = 0;
  for (let i = 0; i < width; i++) length = length * 256 + (untrustedBody[2 + i] ?? 0);
  const start = 2 + width;
  return untrustedBody.length === start + length ? untrustedBody.subarray(start) : undefined;
}

function parsedEnvelope(untrustedBody: Uint8Array): Uint8Array | undefined {
  try {
    return parseSealedBody(untrustedBody);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
