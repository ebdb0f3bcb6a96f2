/**
 * Reading request bodies: the size is checked while the bytes arrive, never after.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import { BODY_BYTES_MAX, parseSealedBody } from "#protocol/api.ts";
import { Fault } from "#protocol/fault.ts";
import type { WorkerCode } from "#worker/codes.ts";
import type { FairShare } from "#worker/api/share.ts";

export type BodyEnd =
  | { readonly bytes: Uint8Array; readonly heldBytes: number }
  | { readonly refused: WorkerCode; readonly heldBytes: number };

/**
 * Collects a body.
 *
 * @param share - Counts the bytes that all bodies hold.
 * @param done - Called once, unless the client goes away first; then `gone` is.
 */
export function readBody(
  request: IncomingMessage,
  share: FairShare,
  done: (end: BodyEnd) => void,
  gone: (heldBytes: number) => void,
): void {
  let heldBytes = 0;
  let isOver = false;
  const chunks: Buffer[] = [];
  const finish = (end: BodyEnd): void => {
    isOver = true;
    done(end);
  };
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > BODY_BYTES_MAX) return finish({ refused: "BODY_TOO_LARGE", heldBytes });
  request.on("data", (chunk: Buffer) => {
    if (isOver) return;
    if (heldBytes + chunk.length > BODY_BYTES_MAX) {
      finish({ refused: "BODY_TOO_LARGE", heldBytes });
    } else if (share.hold(chunk.length)) {
      heldBytes += chunk.length;
      chunks.push(chunk);
    } else finish({ refused: "BUSY", heldBytes });
  });
  request.on("end", () => {
    if (isOver) return;
    const [first] = chunks;
    const whole = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    finish({ bytes: whole, heldBytes });
  });
  request.on("close", () => {
    if (isOver) return;
    isOver = true;
    gone(heldBytes);
  });
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
