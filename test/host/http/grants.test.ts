import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAddress } from "#host/http/address.ts";
import { Grants } from "#host/http/grants.ts";
import { parsePrefix } from "#host/http/prefix.ts";
import { parseTarget, type Target } from "#host/http/url.ts";
import { Fault } from "#protocol/fault.ts";

function target(url: string): Target {
  return parseTarget(url) as Target;
}

function allows(grants: readonly string[], url: string, address: string): boolean {
  return new Grants(grants).allows(target(url), parseAddress(address) as Uint8Array);
}

describe("Grants", () => {
  it("without grants allows public addresses on port 443 and nothing else", () => {
    expect(allows([], "https://a.b/", "8.8.8.8")).toBe(true);
    expect(allows([], "https://a.b/", "10.0.0.1")).toBe(false);
    expect(allows([], "https://a.b:8443/", "8.8.8.8")).toBe(false);
    expect(new Grants([]).mayReach(target("https://a.b:8443/"))).toBe(false);
  });

  it.each([
    ["127.0.0.1", "https://127.0.0.1:8443/", "127.0.0.1", true],
    ["127.0.0.1/32", "https://a.b:8443/", "127.0.0.1", true],
    ["127.0.0.1/32", "https://a.b:8443/", "127.0.0.2", false],
    ["127.0.0.1/32", "https://a.b:8443/", "::ffff:127.0.0.1", false],
    ["10.0.0.0/8:8443", "https://a.b:8443/", "10.255.255.255", true],
    ["10.0.0.0/8:8443", "https://a.b:8444/", "10.0.0.1", false],
    ["10.0.0.0/8:8443", "https://a.b/", "10.0.0.1", false],
    ["10.0.0.0/8", "https://a.b/", "11.0.0.0", true], // public anyway
    ["10.0.0.0/8", "https://a.b/", "100.64.0.1", false],
    ["::1", "https://[::1]:1/", "::1", true],
    ["fd00::/8", "https://a.b/", "fd12::1", true],
    ["fd00::/8", "https://a.b/", "fe80::1", false],
    ["[fd00::/8]:8443", "https://a.b:8443/", "fd12::1", true],
    ["[fd00::/8]:8443", "https://a.b:8444/", "fd12::1", false],
    ["[::1]:8443", "https://[::1]:8443/", "::1", true],
    ["0.0.0.0/0", "https://a.b:22/", "169.254.169.254", true],
    ["0.0.0.0/0", "https://a.b:22/", "::1", false],
    ["A.Internal", "https://a.internal:8443/", "10.0.0.1", true],
    ["a.internal", "https://b.a.internal:8443/", "10.0.0.1", false],
    ["a.internal:8443", "https://a.internal:8443/", "8.8.8.8", true],
    ["a.internal:8443", "https://a.internal/", "10.0.0.1", false],
    ["127.0.0.1", "https://127.0.0.2/", "127.0.0.2", false],
    ["localhost", "https://localhost:1/", "::1", true],
    ["localhost", "https://127.0.0.1:1/", "127.0.0.1", true],
    ["localhost:1", "https://[::1]:1/", "::1", true],
    ["localhost:1", "https://[::1]:2/", "::1", false],
    ["localhost", "https://127.0.0.2:1/", "127.0.0.2", false],
    ["localhost", "https://a.b:1/", "127.0.0.1", false],
  ])("with %s, %s at %s: %s", (grant, url, address, expected) => {
    expect(allows([grant], url, address)).toBe(expected);
  });

  it.each([
    "",
    " ",
    "*",
    "*.a.b",
    "a.b:",
    "a.b:0",
    "a.b:65536",
    "a.b:x",
    "https://a.b",
    "a.b/8",
    "10.0.0.1/8",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "10.0.0.0/",
    "::1/129",
    "[::1]",
    "[::1]:",
    "[a.b",
    "127.1",
    "a.b.",
    "\u212a.example",
    "10.0.0.0/8:8443:1",
  ])("refuses %j and says which one", (text) => {
    let thrown: unknown;
    try {
      new Grants(["localhost", text]);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toEqual(new Fault("EGRESS_CONFIG", { grant: 1 }));
  });

  it("property: any text is a grant or EGRESS_CONFIG", () => {
    const unit = fc.constantFrom(..."0123456789abcdefx.:/[]-* ".split(""));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit, maxLength: 30 })), (text) => {
        try {
          new Grants([text]);
        } catch (error) {
          expect(error).toEqual(new Fault("EGRESS_CONFIG", { grant: 0 }));
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("parsePrefix()", () => {
  it("reads the shortest and the longest prefix of each family", () => {
    expect(parsePrefix("0.0.0.0/0")?.length).toBe(0);
    expect(parsePrefix("1.2.3.4/32")?.length).toBe(32);
    expect(parsePrefix("::/0")?.length).toBe(0);
    expect(parsePrefix("::1/128")?.length).toBe(128);
  });
});
