import { describe, expect, it } from "vitest";
import { checkRequest } from "#host/http/checked-request.ts";
import { Grants } from "#host/http/grants.ts";
import type { HttpHeader, HttpRequest } from "#protocol/http.ts";
import {
  HTTP_HEADER_BYTES_MAX,
  HTTP_HEADERS_MAX,
  HTTP_REQUEST_BODY_BYTES_MAX,
  HTTP_URL_LENGTH_MAX,
} from "#protocol/limits.ts";

function check(request: Partial<HttpRequest>): ReturnType<typeof checkRequest> {
  return checkRequest(
    { method: "GET", url: "https://a.b/", headers: [], ...request },
    new Grants([]),
  );
}

function checkHeader(name: string, value = "x"): ReturnType<typeof checkRequest> {
  return check({ headers: [{ name, value }] });
}

describe("checkRequest()", () => {
  it.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])("allows %s", (method) => {
    expect(check({ method })).toMatchObject({ method });
  });

  it.each([
    "CONNECT",
    "TRACE",
    "OPTIONS",
    "get",
    "GET ",
    "",
    "GET / HTTP/1.1\r\nx: y",
    "__proto__",
  ])("refuses the method %j", (method) => {
    expect(check({ method })).toBe("denied");
  });

  it("takes a body at the limit and refuses one over it", () => {
    const body = (length: number) => ({ method: "POST", body: new Uint8Array(length) });
    expect(check(body(HTTP_REQUEST_BODY_BYTES_MAX))).toMatchObject({ method: "POST" });
    expect(check(body(HTTP_REQUEST_BODY_BYTES_MAX + 1))).toBe("too-large");
  });

  it("refuses a body on GET and HEAD, and forgets an empty one", () => {
    expect(check({ body: Uint8Array.of(1) })).toBe("denied");
    expect(check({ method: "HEAD", body: Uint8Array.of(1) })).toBe("denied");
    expect(check({ body: new Uint8Array(0) })).not.toHaveProperty("body");
  });

  it("refuses a URL that is too long, malformed or not reachable", () => {
    expect(check({ url: "https://a.b/".padEnd(HTTP_URL_LENGTH_MAX + 1, "x") })).toBe("too-large");
    expect(check({ url: "http://a.b/" })).toBe("denied");
    expect(check({ url: "https://a.b:22/" })).toBe("denied");
  });
});

describe("checkRequestHeaders()", () => {
  it("keeps the order and lowers the names", () => {
    const headers = [
      { name: "X-B", value: "2" },
      { name: "authorization", value: "Bearer \t~!" },
      { name: "X-A", value: "" },
    ];
    expect(check({ headers })).toMatchObject({
      headers: [
        { name: "x-b", value: "2" },
        { name: "authorization", value: "Bearer \t~!" },
        { name: "x-a", value: "" },
      ],
    });
  });

  it.each([
    "Host",
    "content-length",
    "Transfer-Encoding",
    "Connection",
    "Keep-Alive",
    "Proxy-Authorization",
    "proxy-connection",
    "Upgrade",
    "TE",
    "Trailer",
    "Expect",
    "HTTP2-Settings",
    "Accept-Encoding",
  ])("refuses the reserved header %s", (name) => {
    expect(checkHeader(name)).toBe("denied");
  });

  it.each(["", " x", "x ", "x:", "x\r\ny", "x\0", "x y", "(x)", "ü", "\u212aeep-alive", "x\u007f"])(
    "refuses the name %j",
    (name) => {
      expect(checkHeader(name)).toBe("denied");
    },
  );

  it.each(["a\r\nb: c", "a\nb", "a\rb", "a\0b", "\u0001", "\u007f", "ü", "\u010a", "\u{1f600}"])(
    "refuses the value %j",
    (value) => {
      expect(checkHeader("x", value)).toBe("denied");
    },
  );

  it("refuses a name that is there twice, in any case", () => {
    const headers = [
      { name: "x", value: "1" },
      { name: "X", value: "2" },
    ];
    expect(check({ headers })).toBe("denied");
  });

  it("carries names that are special to JavaScript objects", () => {
    expect(checkHeader("__proto__")).toMatchObject({ headers: [{ name: "__proto__" }] });
    expect(checkHeader("constructor")).toMatchObject({ headers: [{ name: "constructor" }] });
  });

  it("takes the largest count and size and refuses one more", () => {
    const many = (count: number): HttpHeader[] =>
      Array.from({ length: count }, (_, i) => ({ name: `x-${i}`, value: "" }));
    expect(check({ headers: many(HTTP_HEADERS_MAX) })).toMatchObject({ method: "GET" });
    expect(check({ headers: many(HTTP_HEADERS_MAX + 1) })).toBe("too-large");
    expect(checkHeader("x", "v".repeat(HTTP_HEADER_BYTES_MAX - 1))).toMatchObject({});
    expect(checkHeader("x", "v".repeat(HTTP_HEADER_BYTES_MAX))).toBe("too-large");
  });
});
