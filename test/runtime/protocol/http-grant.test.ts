import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pack } from "#protocol/codec.ts";
import type { Fault } from "#protocol/fault.ts";
import { httpMethods, httpRedirects } from "#protocol/http.ts";
import {
  covers,
  encodeHttpGrants,
  parseHttpGrants,
  parseOrigin,
  type HttpGrant,
} from "#protocol/http-grant.ts";
import {
  HTTP_GRANTS_MAX,
  HTTP_PER_MINUTE_MAX,
  HTTP_REQUEST_BODY_BYTES_MAX,
  HTTP_RESPONSE_BODY_BYTES_MAX,
} from "#protocol/limits.ts";
import { grantOf } from "#test/support/http-caller.ts";

const parse = (bytes: Uint8Array): HttpGrant[] => parseHttpGrants(bytes, "COMPONENT_GRANTS");

/** The plain fields of a good grant, with one of them changed. */
function changed(field: number, value: unknown): unknown {
  const good = ["https://a.b", [0], [], 1, 1, 0, 1, []];
  return [1, [good.with(field, value as never)]];
}

describe("parseOrigin()", () => {
  it.each([
    ["https://api.example", { host: "api.example", isBelow: false, port: 443 }],
    ["https://a-1.b.example:8443", { host: "a-1.b.example", isBelow: false, port: 8443 }],
    ["https://*.example", { host: "example", isBelow: true, port: 443 }],
    ["https://*", { host: "*", isBelow: false, port: 443 }],
    ["https://*:*", { host: "*", isBelow: false, port: undefined }],
    ["https://127.0.0.1:*", { host: "127.0.0.1", isBelow: false, port: undefined }],
    ["https://[2606:4700::1111]:1", { host: "2606:4700::1111", isBelow: false, port: 1 }],
  ])("reads %s", (text, origin) => {
    expect(parseOrigin(text)).toEqual(origin);
  });

  it.each([
    "",
    "*",
    "api.example",
    "http://api.example",
    "https://",
    "https://API.example",
    "https://api.example/",
    "https://api.example:443",
    "https://api.example:0",
    "https://api.example:65536",
    "https://api.example:08",
    "https://api.example.",
    "https://-a.example",
    "https://a..example",
    "https://a.*.example",
    "https://**.example",
    "https://a*.example",
    "https://u@api.example",
    "https://api.example\\@x",
    "https://api.example#x",
    "https://api.example?x",
    "https://äpi.example",
    "https://ＡＰＩ.example",
    " https://api.example",
    "https://api.example\n",
    `https://${"a.".repeat(200)}example`,
  ])("refuses %j", (text) => {
    expect(parseOrigin(text)).toBeUndefined();
  });

  it("means nothing but what it says", () => {
    const meant = (text: string, host: string, port = 443): boolean => {
      const origin = parseOrigin(text);
      return origin !== undefined && covers(origin, host, port);
    };
    expect(meant("https://a.b", "a.b")).toBe(true);
    expect(meant("https://a.b", "a.b", 8443)).toBe(false);
    expect(meant("https://*.b", "a.b")).toBe(true);
    expect(meant("https://*.b", "b")).toBe(false);
    expect(meant("https://*.b", ".b")).toBe(true); // no host is written so
    expect(meant("https://*.b", "ab")).toBe(false);
    expect(meant("https://*", "10.0.0.1")).toBe(true); // the cluster's own rules come on top
    expect(meant("https://*", "a.b", 8443)).toBe(false);
    expect(meant("https://*:*", "a.b", 8443)).toBe(true);
  });
});

describe("parseHttpGrants()", () => {
  const grant = fc.record({
    origin: fc.constantFrom("https://a.b", "https://*", "https://*.c:*", "https://[::1]:9"),
    methods: fc.subarray([...httpMethods], { minLength: 1 }),
    headers: fc.subarray(["x-a", "authorization", "*"]),
    requestBytes: fc.nat(HTTP_REQUEST_BODY_BYTES_MAX),
    responseBytes: fc.nat(HTTP_RESPONSE_BODY_BYTES_MAX),
    redirects: fc.constantFrom(...httpRedirects),
    perMinute: fc.nat(HTTP_PER_MINUTE_MAX),
    pins: fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 3 }),
  });

  it("property: reads what was written", () => {
    fc.assert(
      fc.property(fc.array(grant, { maxLength: HTTP_GRANTS_MAX }), (grants) => {
        expect(parse(encodeHttpGrants(grants))).toEqual(grants);
      }),
    );
  });

  it.each<[string, unknown]>([
    ["no array", {}],
    ["another version", [2, []]],
    ["no list", [1]],
    ["one field too many", [1, [], 0]],
    ["too many grants", [1, Array.from({ length: HTTP_GRANTS_MAX + 1 }, () => [])]],
    ["a short grant", [1, [["https://a.b"]]]],
    ["an origin in another form", changed(0, "https://A.b")],
    ["no method", changed(1, [])],
    ["a method twice", changed(1, [0, 0])],
    ["an unknown method", changed(1, [httpMethods.length])],
    ["a negative method", changed(1, [-1])],
    ["a header in upper case", changed(2, ["X-Key"])],
    ["a header with a line end", changed(2, ["x\r\ny"])],
    ["a header twice", changed(2, ["x", "x"])],
    ["a request that is too large", changed(3, HTTP_REQUEST_BODY_BYTES_MAX + 1)],
    ["a response that is too large", changed(4, HTTP_RESPONSE_BODY_BYTES_MAX + 1)],
    ["an unknown rule for redirects", changed(5, httpRedirects.length)],
    ["too many requests", changed(6, HTTP_PER_MINUTE_MAX + 1)],
    ["a fraction", changed(6, 1.5)],
    ["a short pin", changed(7, [new Uint8Array(31)])],
    ["a pin in text", changed(7, ["00".repeat(32)])],
  ])("refuses %s", (_name, value) => {
    expect(() => parse(pack(value))).toThrow("COMPONENT_GRANTS");
  });

  it("property: any bytes, and any damage to good ones, parse or are the fault", () => {
    const good = encodeHttpGrants([grantOf("https://a.b", { headers: ["x"] })]);
    const damaged = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
      return good.with(at, byte);
    });
    const cut = fc.nat(good.length - 1).map((length) => good.subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 120 }), damaged, cut), (bytes) => {
        try {
          for (const { origin } of parse(bytes)) expect(parseOrigin(origin)).toBeDefined();
        } catch (error) {
          expect((error as Fault).code).toBe("COMPONENT_GRANTS");
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
