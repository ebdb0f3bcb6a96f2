/**
 * A recording as it lies in a file: JSON that people can read, review and edit.
 *
 * @module
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { httpErrors, type HttpError } from "#protocol/http.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import { makeDirectory } from "#sdk/transform/make-directory.ts";

/** Text, or bytes that are none. */
export type RecordedBody = string | { readonly base64: string };
/** In the order in which they stand on the wire; names in lower case. */
export type RecordedHeaders = readonly (readonly [name: string, value: string])[];

export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: RecordedHeaders;
  readonly body: RecordedBody;
}

export interface RecordedResponse {
  readonly status: number;
  readonly headers: RecordedHeaders;
  readonly body: RecordedBody;
}

export interface RecordedExchange {
  readonly request: RecordedRequest;
  readonly answer: RecordedResponse | { readonly error: HttpError };
}

interface Contents {
  readonly hermetic: "http-recording";
  readonly version: 1;
  readonly exchanges: readonly RecordedExchange[];
}

/** @throws {@link HermeticError} `HTTP_RECORDING` for a file that is missing or is no recording. */
export function readExchanges(path: string): RecordedExchange[] {
  if (!existsSync(path)) throw kitError("HTTP_RECORDING", `${path} is not there`);
  try {
    const { hermetic, version, exchanges } = JSON.parse(readFileSync(path, "utf8")) as Contents;
    if (hermetic !== "http-recording" || version !== 1) throw new Error("of another kind");
    if (!exchanges.every(isExchange)) throw new Error("an exchange is not whole");
    return [...exchanges];
  } catch (cause) {
    throw kitError("HTTP_RECORDING", `${path}: ${(cause as Error).message}`, cause);
  }
}

function isExchange({ request, answer }: Partial<RecordedExchange>): boolean {
  if (typeof request?.method !== "string" || typeof request.url !== "string") return false;
  if (!isMessage(request) || answer === undefined) return false;
  if ("error" in answer) return httpErrors.includes(answer.error);
  return Number.isInteger(answer.status) && isMessage(answer);
}

function isMessage({ headers, body }: Pick<RecordedRequest, "headers" | "body">): boolean {
  const isBody = typeof body === "string" || typeof body?.base64 === "string";
  const isText = (each: unknown): boolean => typeof each === "string";
  return isBody && headers.every((pair) => pair.length === 2 && pair.every(isText));
}

/**
 * Writes all of it, so that a file is whole whenever the test ends.
 *
 * @throws {@link HermeticError} `HTTP_RECORDING` where it cannot be written.
 */
export function writeExchanges(path: string, exchanges: readonly RecordedExchange[]): void {
  const contents: Contents = { hermetic: "http-recording", version: 1, exchanges };
  const half = `${path}.part`;
  try {
    makeDirectory(dirname(path));
    writeFileSync(half, `${JSON.stringify(contents, undefined, 2)}\n`);
    renameSync(half, path);
  } catch (cause) {
    throw kitError("HTTP_RECORDING", `${path}: ${(cause as Error).message}`, cause);
  }
}

export function recordedBody(bytes: Uint8Array): RecordedBody {
  const text = Buffer.from(bytes).toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : { base64: Buffer.from(bytes).toString("base64") };
}

export function bodyBytes(body: RecordedBody): Uint8Array {
  return typeof body === "string" ? Buffer.from(body) : Buffer.from(body.base64, "base64");
}
