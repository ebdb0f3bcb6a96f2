/**
 * Off-chain HTTP. A call waits until every request has its answer; what goes wrong on the way is a
 * value in the response, never the end of the call.
 *
 * In a command the answers are recorded and replayed on every worker, so all see the same.
 *
 * @module
 */
import { http_fetch } from "./imports";
import { Json } from "./json";
import { liftBytes, liftString, RESULT } from "./memory";
import { readUtf8, utf8Length, writeUtf8 } from "./utf8";

/** Bytes of a request, a header and a result in the canonical ABI. */
const REQUEST_BYTES: usize = 36;
const HEADER_BYTES: usize = 16;
const RESULT_BYTES: usize = 24;

/** One request; `header`, `body` and `text` return it, so that they can be chained. */
export class Request {
  private names: string[] = [];
  private values: string[] = [];
  private content: Uint8Array | null = null;

  constructor(
    public method: string,
    public url: string,
  ) {}

  header(name: string, value: string): Request {
    this.names.push(name);
    this.values.push(value);
    return this;
  }

  body(content: Uint8Array): Request {
    this.content = content;
    return this;
  }

  /** A body of UTF-8 text. */
  text(content: string): Request {
    const bytes = new Uint8Array(utf8Length(content));
    writeUtf8(content, bytes.dataStart);
    return this.body(bytes);
  }

  /** Lowers the request to 36 bytes. */
  __lower(at: usize): void {
    const count = this.names.length;
    const headers = __new(count * HEADER_BYTES, idof<ArrayBuffer>());
    for (let i = 0; i < count; i++) {
      const header = headers + i * HEADER_BYTES;
      lowerString(header, this.names[i]);
      lowerString(header + 8, this.values[i]);
    }
    lowerString(at, this.method);
    lowerString(at + 8, this.url);
    store<usize>(at, headers, 16);
    store<u32>(at, count, 20);
    const content = this.content;
    store<u32>(at, content === null ? 0 : 1, 24);
    if (content !== null) {
      store<usize>(at, content.dataStart, 28);
      store<u32>(at, content.length, 32);
    }
  }
}

function lowerString(at: usize, text: string): void {
  store<usize>(at, changetype<usize>(text));
  store<u32>(at, text.length, 4);
}

export class Response {
  /** 0 if there was no answer. */
  status: u16 = 0;
  /** Why there was no answer, in a word such as `timeout`; empty if there was one. */
  error: string = "";
  private names: string[] = [];
  private values: string[] = [];
  private content: Uint8Array = new Uint8Array(0);

  /** An answer with a status from 200 to 299. */
  get ok(): bool {
    return this.status >= 200 && this.status < 300;
  }

  /** The first header of that name, in any case, or null. */
  header(name: string): string | null {
    for (let i = 0; i < this.names.length; i++) {
      if (isSameName(this.names[i], name)) return this.values[i];
    }
    return null;
  }

  bytes(): Uint8Array {
    return this.content;
  }

  /** The body as UTF-8; bytes that are none become U+FFFD. */
  text(): string {
    return readUtf8(this.content.dataStart, this.content.length, true)!;
  }

  /** The body as JSON; a body that is no JSON reads as null. */
  json(): Json {
    return Json.parse(this.content);
  }

  /** Lifts the result at `at`. */
  __lift(at: usize): void {
    if (load<u8>(at) != 0) {
      this.error = errorName(load<u8>(at, 4));
      return;
    }
    this.status = load<u16>(at, 4);
    const headers = load<usize>(at, 8);
    const count = load<u32>(at, 12);
    for (let i: u32 = 0; i < count; i++) {
      const header = headers + i * HEADER_BYTES;
      this.names.push(liftString(load<usize>(header), load<u32>(header, 4)));
      this.values.push(liftString(load<usize>(header, 8), load<u32>(header, 12)));
    }
    this.content = liftBytes(load<usize>(at, 16), load<u32>(at, 20));
  }
}

/** The names of `http.error` in the WIT world, in its order. */
function errorName(code: u32): string {
  switch (code) {
    case 0:
      return "denied";
    case 1:
      return "dns";
    case 2:
      return "connect";
    case 3:
      return "tls";
    case 4:
      return "timeout";
    case 5:
      return "too-large";
    default:
      return "protocol";
  }
}

/** Compares header names; the standard library's own case folding brings 4 KiB of tables. */
function isSameName(left: string, right: string): bool {
  if (left.length != right.length) return false;
  for (let i = 0; i < left.length; i++) {
    if (lower(left.charCodeAt(i)) != lower(right.charCodeAt(i))) return false;
  }
  return true;
}

function lower(unit: i32): i32 {
  return unit >= 0x41 && unit <= 0x5a ? unit | 0x20 : unit;
}

export namespace http {
  export function get(url: string): Response {
    return request(new Request("GET", url));
  }

  /** Posts UTF-8 text; for headers or bytes use {@link request}. */
  export function post(url: string, body: string): Response {
    return request(new Request("POST", url).text(body));
  }

  export function request(one: Request): Response {
    return all([one])[0];
  }

  /** Sends requests side by side; the answers come in the order of the requests. */
  export function all(requests: Request[]): Response[] {
    const count = requests.length;
    const lowered = __new(count * REQUEST_BYTES, idof<ArrayBuffer>());
    for (let i = 0; i < count; i++) requests[i].__lower(lowered + i * REQUEST_BYTES);
    http_fetch(lowered, count, RESULT);
    const results = load<usize>(RESULT);
    const responses: Response[] = [];
    for (let i: u32 = 0; i < load<u32>(RESULT, 4); i++) {
      const response = new Response();
      response.__lift(results + i * RESULT_BYTES);
      responses.push(response);
    }
    return responses;
  }
}
