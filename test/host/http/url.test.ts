import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTarget } from "#host/http/url.ts";
import { HTTP_URL_LENGTH_MAX } from "#protocol/limits.ts";
import { processorTime } from "#test/support/processor-time.ts";

describe("parseTarget()", () => {
  it.each([
    ["https://rates.example", "rates.example", 443, "rates.example", "/"],
    ["HTTPS://Rates.EXAMPLE/a", "rates.example", 443, "rates.example", "/a"],
    ["https://rates.example:443/", "rates.example", 443, "rates.example", "/"],
    [
      "https://rates.example:8443/x?y=[1]&z=%20",
      "rates.example",
      8443,
      "rates.example:8443",
      "/x?y=[1]&z=%20",
    ],
    ["https://rates.example?of=usd", "rates.example", 443, "rates.example", "/?of=usd"],
    ["https://a.b/../c/./d//e", "a.b", 443, "a.b", "/../c/./d//e"],
    ["https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443, "xn--bcher-kva.example", "/"],
    ["https://127.0.0.1:65535/", "127.0.0.1", 65_535, "127.0.0.1:65535", "/"],
    ["https://[0:0::1]:1/", "::1", 1, "[::1]:1", "/"],
    ["https://localhost/", "localhost", 443, "localhost", "/"],
  ])("reads %s", (url, host, port, authority, path) => {
    expect(parseTarget(url)).toMatchObject({ host, port, authority, path });
  });

  it.each([
    [
      "other schemes",
      ["http://a.b/", "file:///etc/passwd", "ftp://a.b", "data:,x", "unix:/x", "wss://a.b"],
    ],
    [
      "no scheme or host",
      ["", "a.b", "//a.b/", "/x", "https:", "https://", "https:///x", "https:/a.b", "https:a.b"],
    ],
    ["user info", ["https://u@a.b/", "https://u:p@a.b/", "https://@a.b/", "https://good.b%40a.b/"]],
    ["fragments", ["https://a.b/#x", "https://a.b#@c.d/"]],
    ["backslashes", ["https://a.b\\@c.d/", "https:\\\\a.b\\", "https://a.b/\\x"]],
    [
      "white space and controls",
      [
        " https://a.b/",
        "https://a.b/ ",
        "https://a.b/\n",
        "ht\ttps://a.b/",
        "https://a\t.b/",
        "https://a.b/\0",
        "https://a.b/x y",
        "https://a.b/\r\nx: y",
      ],
    ],
    [
      "ports",
      [
        "https://a.b:/",
        "https://a.b:0/",
        "https://a.b:65536/",
        "https://a.b:0443/",
        "https://a.b:99999/",
        "https://a.b:4 43/",
        "https://a.b:+443/",
      ],
    ],
    [
      "numbers in disguise",
      [
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://017700000001/",
        "https://0x7f000001/",
        "https://127.0.0.01/",
        "https://a.0x/",
        "https://1.2.3/",
      ],
    ],
    [
      "trailing dots",
      ["https://a.b./", "https://localhost./", "https://127.0.0.1./", "https://./"],
    ],
    [
      "non-ASCII",
      [
        "https://bücher.example/",
        "https://a。b/",
        "https://ⓛocalhost/",
        "https://ſ.example/",
        "https://a.b/ü",
        "https://\u212a.example/",
      ],
    ],
    [
      "bad labels",
      [
        "https://-a.b/",
        "https://a-.b/",
        "https://a..b/",
        "https://a_b.c/",
        `https://${"a".repeat(64)}.b/`,
        `https://${"a.".repeat(127)}b/`,
      ],
    ],
    [
      "brackets",
      [
        "https://[::1/",
        "https://::1/",
        "https://[127.0.0.1]/",
        "https://[a.b]/",
        "https://[::1%25eth0]/",
        "https://[]/",
        "https://[::1]x/",
      ],
    ],
    ["percent signs", ["https://a.b/%", "https://a.b/%2", "https://a.b/%zz", "https://%61.b/"]],
  ])("refuses %s", (_name, urls) => {
    for (const url of urls) expect([url, parseTarget(url)]).toEqual([url, undefined]);
  });

  it("takes a URL at the length limit and refuses one over it", () => {
    const url = (length: number): string => "https://a.b/".padEnd(length, "x");
    expect(parseTarget(url(HTTP_URL_LENGTH_MAX))).toBeDefined();
    expect(parseTarget(url(HTTP_URL_LENGTH_MAX + 1))).toBeUndefined();
  });

  it("stays linear on hostile repetition", () => {
    const usedMs = processorTime();
    for (const piece of ["a.", "%2", "/a", "a-", "[:", "?%zz"]) {
      parseTarget(`https://${piece.repeat(HTTP_URL_LENGTH_MAX)}`.slice(0, HTTP_URL_LENGTH_MAX));
      parseTarget(`https://a.b/${piece.repeat(HTTP_URL_LENGTH_MAX)}`.slice(0, HTTP_URL_LENGTH_MAX));
    }
    expect(usedMs()).toBeLessThan(500);
  });

  it("property: what it accepts, the platform's parser reads the same way", () => {
    const part = fc.string({
      unit: fc.constantFrom(..."aZ09.-:/?[]@#%\\ \t\n_xn1f".split("")),
      maxLength: 24,
    });
    const url = fc.oneof(
      fc.webUrl(),
      part.map((text) => `https://${text}`),
      fc.string(),
    );
    fc.assert(
      fc.property(url, (text) => {
        const target = parseTarget(text);
        if (target === undefined) return;
        const platform = new URL(text);
        expect(platform.protocol).toBe("https:");
        expect(platform.host).toBe(target.authority);
        expect(platform.username + platform.password + platform.hash).toBe("");
      }),
      { numRuns: 5_000 },
    );
  });
});
