/**
 * A contract's request as a test reads it.
 *
 * @module
 */
import type { CheckedRequest } from "#host/http/checked-request.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export class MockRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;

  constructor(request: CheckedRequest) {
    const { target, method, headers, body } = request;
    this.method = method;
    this.url = `https://${target.authority}${target.path}`;
    this.headers = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
    this.body = body ?? new Uint8Array(0);
  }

  text(): string {
    return decoder.decode(this.body);
  }

  json(): unknown {
    return JSON.parse(this.text());
  }
}
