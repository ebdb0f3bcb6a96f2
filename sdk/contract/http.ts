/**
 * Off-chain HTTP. A call waits until every request has its answer; what goes wrong on the way is a
 * value in the response, never the end of the call.
 *
 * A contract asks only what it declares above its class: `@grant("https://api.example", { methods: ["GET"] })`.
 * In a command the answers are recorded and replayed on every worker, so all see the same.
 *
 * @module
 */
import { ctx } from "./context";
import { adviceOn, detailName, errorName } from "./http-words";
import { http_fetch } from "./imports";
import { Json } from "./json";
import { liftBytes, liftString, RESULT } from "./memory";
import { readUtf8, utf8Length, writeUtf8 } from "./utf8";

/** Bytes of a request, a header and a result in the canonical ABI. */
const REQUEST_BYTES: usize = 36;
const HEADER_BYTES: usize = 16;
const RESULT_BYTES: usize = 24;

/** Of the contract's own time limit: it stays in the enclave. */
const TIMEOUT_HEADER = "hermetic-timeout";

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

  /**
   * Marks the request as one that does no more when it comes twice: servers that know the header
   * `idempotency-key` act on the first alone. Without a key, one is drawn: in a command it is the same
   * whenever that command runs.
   */
  idempotent(key: string = ""): Request {
    return this.header("idempotency-key", key.length > 0 ? key : drawnKey());
  }

  /**
   * Waits no longer than so many milliseconds for the answer, redirects included; then it is the error `timeout`.
   * More than every request has, ten seconds, changes nothing. The server is not told.
   */
  timeout(milliseconds: u32): Request {
    const at = this.names.indexOf(TIMEOUT_HEADER);
    const limit = milliseconds.toString();
    if (at < 0) return this.header(TIMEOUT_HEADER, limit);
    this.values[at] = limit;
    return this;
  }

  /** Whether it may be sent again although the server may have got it: RFC 9110 §9.2.2, or by its key. */
  get isRepeatable(): bool {
    if (this.method != "POST" && this.method != "PATCH") return true;
    for (let i = 0; i < this.names.length; i++) {
      if (isSameName(this.names[i], "idempotency-key")) return true;
    }
    return false;
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

const KEY_BYTES: u32 = 16;

/** 32 hexadecimal digits. */
function drawnKey(): string {
  const bytes = ctx.random(KEY_BYTES, "http/idempotency-key");
  let key = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    key += (byte >> 4).toString(16) + (byte & 15).toString(16);
  }
  return key;
}

function lowerString(at: usize, text: string): void {
  store<usize>(at, changetype<usize>(text));
  store<u32>(at, text.length, 4);
}

/** Statuses that say "not now": 429, and from 502 to 504. */
const TOO_MANY: u16 = 429;
const SERVER_ERROR: u16 = 501;
const GATEWAY_TIMEOUT: u16 = 504;

export class Response {
  /** 0 if there was no answer. */
  status: u16 = 0;
  /** Why there was no answer, in a word such as `timeout`; empty if there was one. */
  error: string = "";
  /** Which rule or limit stood in the way, in a word such as `origin`; empty if it was none. */
  detail: string = "";
  private names: string[] = [];
  private values: string[] = [];
  private content: Uint8Array = new Uint8Array(0);

  /** An answer with a status from 200 to 299. */
  get ok(): bool {
    return this.status >= 200 && this.status < 300;
  }

  /** What the contract's author can do about `error` and `detail`, in a sentence; empty if there is nothing to say. */
  get advice(): string {
    return adviceOn(this.detail);
  }

  /** Whether the next try may go better: nobody answered, or the server says that it cannot now. */
  isWorthRetrying(repeatable: bool): bool {
    const error = this.error;
    if (error == "dns" || error == "connect") return true;
    if (!repeatable) return false;
    if (error.length > 0) return error == "timeout" || error == "protocol";
    return (
      this.status == TOO_MANY || (this.status > SERVER_ERROR && this.status <= GATEWAY_TIMEOUT)
    );
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
      this.detail = detailName(load<u8>(at, 5));
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

/** How often {@link http.retry} may ask again; give one to several requests, and they share it. */
export class Retries {
  constructor(public left: i32) {}
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

  /**
   * Asks again while the answer says that it may go better, and something is left of `retries`. A `POST` or
   * `PATCH` without idempotency key is sent again only if it cannot have reached the server.
   */
  export function retry(one: Request, retries: Retries = new Retries(2)): Response {
    let response = request(one);
    while (retries.left > 0 && response.isWorthRetrying(one.isRepeatable)) {
      retries.left--;
      response = request(one);
    }
    return response;
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
