import { describe, expect, it } from "vitest";
import { checkRequest } from "#host/http/checked-request.ts";
import { Grants } from "#host/http/grants.ts";
import type { HttpDetail, HttpHeader, HttpRefusal, HttpRequest } from "#protocol/http.ts";
import type { HttpGrant } from "#protocol/http-grant.ts";
import {
  HTTP_HEADER_BYTES_MAX,
  HTTP_HEADERS_MAX,
  HTTP_REQUEST_BODY_BYTES_MAX,
  HTTP_TIMEOUT_MS,
  HTTP_URL_LENGTH_MAX,
} from "#protocol/limits.ts";
import { everything, grantOf } from "#test/support/http-caller.ts";

function check(
  request: Partial<HttpRequest>,
  grants: readonly HttpGrant[] = [everything],
): ReturnType<typeof checkRequest> {
  const whole = { method: "GET", url: "https://a.b/", headers: [], ...request };
  return checkRequest(whole, new Grants([]), grants);
}

function denied(detail: HttpDetail): HttpRefusal {
  return { error: "denied", detail };
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
    expect(check({ method })).toEqual(denied("method"));
  });

  it("takes a body at the limit and refuses one over it", () => {
    const body = (length: number) => ({ method: "POST", body: new Uint8Array(length) });
    expect(check(body(HTTP_REQUEST_BODY_BYTES_MAX))).toMatchObject({ method: "POST" });
    expect(check(body(HTTP_REQUEST_BODY_BYTES_MAX + 1))).toEqual({ error: "too-large" });
  });

  it("refuses a body on GET and HEAD, and forgets an empty one", () => {
    expect(check({ body: Uint8Array.of(1) })).toEqual(denied("body"));
    expect(check({ method: "HEAD", body: Uint8Array.of(1) })).toEqual(denied("body"));
    expect(check({ body: new Uint8Array(0) })).not.toHaveProperty("body");
  });

  it("takes the contract's own time limit out of the headers, and never more than every request has", () => {
    const name = "Hermetic-Timeout";
    for (const [value, timeoutMs] of [
      ["2500", 2_500],
      ["0", 0],
      ["007", 7],
      [String(HTTP_TIMEOUT_MS + 1), HTTP_TIMEOUT_MS],
      ["18446744073709551615", HTTP_TIMEOUT_MS],
    ] as const) {
      const headers = [
        { name: "accept", value: "*/*" },
        { name, value },
      ];
      const checked = check({ headers }, [grantOf("https://a.b")]);
      expect(checked).toMatchObject({ timeoutMs, headers: [{ name: "accept", value: "*/*" }] });
    }
    expect(check({})).not.toHaveProperty("timeoutMs");
  });

  it.each([
    "",
    "-1",
    "+1",
    "1.5",
    "1e3",
    "0x10",
    "NaN",
    " 1",
    "1 ",
    "1\r\n",
    "Infinity",
    "9".repeat(21),
  ])("refuses the time limit %j", (value) =>
    expect(checkHeader("hermetic-timeout", value)).toEqual(denied("header")),
  );

  it("refuses two time limits", () => {
    const headers = ["hermetic-timeout", "HERMETIC-TIMEOUT"].map((name) => ({ name, value: "1" }));
    expect(check({ headers })).toEqual(denied("header"));
  });

  it("refuses a URL that is too long, malformed or not reachable", () => {
    expect(check({ url: "https://a.b/".padEnd(HTTP_URL_LENGTH_MAX + 1, "x") })).toEqual({
      error: "too-large",
    });
    expect(check({ url: "http://a.b/" })).toEqual(denied("url"));
    expect(check({ url: "https://a.b:22/" })).toEqual(denied("network"));
  });
});

describe("what a contract declares", () => {
  const header = (name: string) => ({ headers: [{ name, value: "x" }] });

  it("is nothing unless it says so", () => {
    expect(check({}, [])).toEqual(denied("undeclared"));
  });

  it.each([
    ["https://a.b", "https://a.b/x", true],
    ["https://a.b", "https://A.B:443/", true],
    ["https://a.b", "https://b/", false],
    ["https://a.b", "https://x.a.b/", false],
    ["https://a.b", "https://a.b.c/", false],
    ["https://*.b", "https://a.b/", true],
    ["https://*.b", "https://x.a.b/", true],
    ["https://*.b", "https://b/", false],
    ["https://*.b", "https://ab/", false],
    ["https://*", "https://any.thing/", true],
    ["https://8.8.8.8", "https://8.8.8.8/", true],
    ["https://[2606:4700::1111]", "https://[2606:4700:0::1111]/", true],
    ["https://[2606:4700::1111]", "https://[2606:4700::1112]/", false],
  ])("of %s lets %s pass: %s", (origin, url, passes) => {
    const checked = check({ url }, [grantOf(origin)]);
    if (passes) expect(checked).toMatchObject({ method: "GET" });
    else expect(checked).toEqual(denied("origin"));
  });

  it("is a port of its own beside the cluster's grant of it", () => {
    const cluster = new Grants(["127.0.0.1"]);
    const ask = (origin: string) =>
      checkRequest({ method: "GET", url: "https://127.0.0.1:8443/", headers: [] }, cluster, [
        grantOf(origin),
      ]);
    expect(ask("https://127.0.0.1")).toEqual(denied("origin"));
    expect(ask("https://127.0.0.1:8444")).toEqual(denied("origin"));
    expect(ask("https://127.0.0.1:8443")).toMatchObject({ method: "GET" });
    expect(ask("https://*:*")).toMatchObject({ method: "GET" });
  });

  it("is read to GET and HEAD, with harmless headers, unless it says more", () => {
    const plain = [grantOf("https://a.b")];
    expect(check({ method: "POST" }, plain)).toEqual(denied("method"));
    expect(check(header("authorization"), plain)).toEqual(denied("header"));
    expect(check(header("cookie"), plain)).toEqual(denied("header"));
    expect(check(header("Accept"), plain)).toMatchObject({ method: "GET" });
    const more = [grantOf("https://a.b", { methods: ["POST"], headers: ["x-api-key"] })];
    expect(check({ method: "POST", ...header("X-API-Key") }, more)).toMatchObject({});
    expect(check({ method: "GET" }, more)).toEqual(denied("method"));
    expect(check({ method: "POST", ...header("host") }, [everything])).toEqual(denied("header"));
  });

  it("is found by origin and method together, first come first", () => {
    const both = [
      grantOf("https://a.b", { headers: ["x-one"] }),
      grantOf("https://*", { methods: ["GET", "POST"], headers: ["x-two"] }),
    ];
    expect(check(header("x-one"), both)).toMatchObject({ grant: both[0] });
    expect(check(header("x-two"), both)).toEqual(denied("header"));
    expect(check({ method: "POST", ...header("x-two") }, both)).toMatchObject({ grant: both[1] });
  });

  it("bounds what is sent", () => {
    const grants = [grantOf("https://a.b", { methods: ["POST"], requestBytes: 3 })];
    const post = (bytes: number) => check({ method: "POST", body: new Uint8Array(bytes) }, grants);
    expect(post(3)).toMatchObject({ method: "POST" });
    expect(post(4)).toEqual({ error: "too-large", detail: "size" });
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
    expect(checkHeader(name)).toEqual(denied("header"));
  });

  it.each(["", " x", "x ", "x:", "x\r\ny", "x\0", "x y", "(x)", "ü", "\u212aeep-alive", "x\u007f"])(
    "refuses the name %j",
    (name) => {
      expect(checkHeader(name)).toEqual(denied("header"));
    },
  );

  it.each(["a\r\nb: c", "a\nb", "a\rb", "a\0b", "\u0001", "\u007f", "ü", "\u010a", "\u{1f600}"])(
    "refuses the value %j",
    (value) => {
      expect(checkHeader("x", value)).toEqual(denied("header"));
    },
  );

  it("refuses a name that is there twice, in any case", () => {
    const headers = [
      { name: "x", value: "1" },
      { name: "X", value: "2" },
    ];
    expect(check({ headers })).toEqual(denied("header"));
  });

  it("carries names that are special to JavaScript objects", () => {
    expect(checkHeader("__proto__")).toMatchObject({ headers: [{ name: "__proto__" }] });
    expect(checkHeader("constructor")).toMatchObject({ headers: [{ name: "constructor" }] });
  });

  it("takes the largest count and size and refuses one more", () => {
    const many = (count: number): HttpHeader[] =>
      Array.from({ length: count }, (_, i) => ({ name: `x-${i}`, value: "" }));
    expect(check({ headers: many(HTTP_HEADERS_MAX) })).toMatchObject({ method: "GET" });
    expect(check({ headers: many(HTTP_HEADERS_MAX + 1) })).toEqual({ error: "too-large" });
    expect(checkHeader("x", "v".repeat(HTTP_HEADER_BYTES_MAX - 1))).toMatchObject({});
    expect(checkHeader("x", "v".repeat(HTTP_HEADER_BYTES_MAX))).toEqual({ error: "too-large" });
  });
});
