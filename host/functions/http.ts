/**
 * Host function `hermetic:contract/http`: off-chain requests, the only host call that waits.
 *
 * A record of hostile pointers becomes requests, results become records. The caps here only bound
 * what is held in memory; whether a request may leave at all is the policy of the HTTP power. Live
 * and replayed calls pass the same code and pay the same gas.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import type { HttpHeader, HttpRequest, HttpResponse, HttpResult } from "#protocol/http.ts";
import { httpDetails, httpErrors } from "#protocol/http.ts";
import {
  HTTP_HEADER_BYTES_MAX,
  HTTP_HEADERS_MAX,
  HTTP_REQUEST_BODY_BYTES_MAX,
  HTTP_URL_LENGTH_MAX,
} from "#protocol/limits.ts";
import { HTTP_REQUEST_GAS } from "#host/functions/prices.ts";
import type { Bind, RunningCall } from "#host/functions/running.ts";
import type { GuestMemory } from "#host/vm/memory.ts";

const WORD = 4;
/** `record request`: method, url, headers, body option. */
const REQUEST_BYTES = 36;
/** `record header`: name, value. */
const HEADER_BYTES = 16;
/** `result<response, failure>`: tag, then status, headers, body. */
const RESULT_BYTES = 24;
const METHOD_LENGTH_MAX = 16;
const KEY = "http.fetch";

/** `fetch: func(requests: list<request>) -> list<result<response, failure>>`; `HTTP_LIMIT` over any cap. */
export const httpFetch: Bind =
  (call) =>
  (pointer: number, untrustedCount: number, result: number): void | Promise<void> => {
    const count = untrustedCount >>> 0;
    // `_initialize` runs on the host's stack. Live, the engine refuses to suspend it before any code
    // of ours runs; replayed, this line does, before any gas is charged.
    if (call.instance.phase === "starting") throw new Fault("REENTRY_REFUSED");
    call.enter(KEY, 0);
    call.budget.takeRequests(count);
    call.gas.charge(count * HTTP_REQUEST_GAS);
    const area = call.memory.region(result, 2 * WORD, WORD);
    const requests = readRequests(call, pointer, count);
    const { http } = call.environment;
    if (http.kind === "replay") return writeResults(call, area, http.next(requests), count);
    return call.instance
      .wait(http.fetch(requests, call.suspendedBytes))
      .then((results) => writeResults(call, area, results, count));
  };

function readRequests(call: RunningCall, pointer: number, count: number): HttpRequest[] {
  const { memory } = call;
  const base = memory.region(pointer, count * REQUEST_BYTES, WORD);
  const requests: HttpRequest[] = [];
  for (let index = 0; index < count; index++) {
    const at = base + index * REQUEST_BYTES;
    const method = readLimitedText(call, at, METHOD_LENGTH_MAX);
    const url = readLimitedText(call, at + 8, HTTP_URL_LENGTH_MAX);
    const headers = readHeaders(call, memory.u32(at + 16), memory.u32(at + 20));
    const tag = memory.u8(at + 24);
    if (tag > 1) throw new Fault("ABI_VIOLATION");
    if (tag === 0) {
      requests.push({ method, url, headers });
      continue;
    }
    const length = limited(memory.u32(at + 32), HTTP_REQUEST_BODY_BYTES_MAX);
    call.chargeBytes(KEY, length);
    requests.push({ method, url, headers, body: memory.readBytes(memory.u32(at + 28), length) });
  }
  return requests;
}

function readHeaders(call: RunningCall, pointer: number, untrustedCount: number): HttpHeader[] {
  const count = limited(untrustedCount, HTTP_HEADERS_MAX);
  const base = call.memory.region(pointer, count * HEADER_BYTES, WORD);
  const headers: HttpHeader[] = [];
  for (let index = 0; index < count; index++) {
    const at = base + index * HEADER_BYTES;
    const name = readLimitedText(call, at, HTTP_HEADER_BYTES_MAX);
    headers.push({ name, value: readLimitedText(call, at + 8, HTTP_HEADER_BYTES_MAX) });
  }
  return headers;
}

/** Reads the string whose pointer and length lie at `at`. */
function readLimitedText(call: RunningCall, at: number, limit: number): string {
  const units = limited(call.memory.u32(at + WORD), limit);
  call.chargeBytes(KEY, units * 2);
  return call.memory.readText(call.memory.u32(at), units);
}

function limited(value: number, limit: number): number {
  if (value > limit) throw new Fault("HTTP_LIMIT", { value, limit });
  return value;
}

function writeResults(
  call: RunningCall,
  area: number,
  results: readonly HttpResult[],
  count: number,
): void {
  if (results.length !== count) throw new Error("the HTTP power gave another number of results");
  call.chargeBytes(
    KEY,
    results.reduce((bytes, result) => bytes + resultBytes(result), 0),
  );
  const { memory } = call;
  const list = memory.allocate(count * RESULT_BYTES, WORD);
  for (const [index, result] of results.entries()) {
    const at = list + index * RESULT_BYTES;
    if ("ok" in result) {
      writeResponse(memory, at, result.ok);
    } else {
      memory.setU8(at, 1);
      memory.setU8(at + WORD, httpErrors.indexOf(result.error));
      memory.setU8(at + WORD + 1, httpDetails.indexOf(result.detail ?? "none"));
    }
  }
  memory.setU32(area, list);
  memory.setU32(area + WORD, count);
}

/** Bytes a result takes in contract memory. */
function resultBytes(result: HttpResult): number {
  if (!("ok" in result)) return RESULT_BYTES;
  const { headers, body } = result.ok;
  const text = headers.reduce((units, { name, value }) => units + name.length + value.length, 0);
  return RESULT_BYTES + body.length + headers.length * HEADER_BYTES + text * 2;
}

function writeResponse(memory: GuestMemory, at: number, response: HttpResponse): void {
  const { status, headers, body } = response;
  const list = memory.allocate(headers.length * HEADER_BYTES, WORD);
  for (const [index, header] of headers.entries()) {
    const entry = list + index * HEADER_BYTES;
    const name = memory.writeText(header.name);
    const value = memory.writeText(header.value);
    memory.setU32(entry, name);
    memory.setU32(entry + WORD, header.name.length);
    memory.setU32(entry + 2 * WORD, value);
    memory.setU32(entry + 3 * WORD, header.value.length);
  }
  const content = memory.writeBytes(body);
  memory.setU8(at, 0);
  memory.setU16(at + WORD, status);
  memory.setU32(at + 8, list);
  memory.setU32(at + 12, headers.length);
  memory.setU32(at + 16, content);
  memory.setU32(at + 20, body.length);
}
