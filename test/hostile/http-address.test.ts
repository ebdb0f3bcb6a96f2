/**
 * Goal: no contract reaches an address it was not granted, however it is written or resolved.
 * Method: the whole client over a real egress; what counts is that no connection is ever ordered.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { createHttpFixture, type HttpFixtureOptions } from "#test/support/http-fixture.ts";
import { startHttpsServer } from "#sdk/testing/https/server.ts";

/** The outcome, and what the worker process was asked for. */
async function attempt(url: string, options: HttpFixtureOptions = {}): Promise<unknown[]> {
  using fixture = createHttpFixture(options);
  const result = await fixture.fetch({ url });
  const kinds = fixture.seen.map(({ kind }) => kind);
  return [result, kinds.includes("egress-connect")];
}

/** Whatever rule it broke. */
const REFUSED = [{ error: "denied" }, false];

describe("E55 loopback in every spelling", () => {
  it.each([
    "https://127.0.0.1/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://[::1]/",
    "https://0.0.0.0/",
    "https://[::]/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0x7f000001/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://localhost./",
    "https://127.0.0.1./",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "https://１２７.0.0.1/",
    "https://127。0。0。1/",
    "https://%31%32%37.0.0.1/",
    "http://127.0.0.1/",
  ])("refuses %s", async (url) => {
    expect(await attempt(url)).toMatchObject(REFUSED);
  });

  it.each(["127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "0.0.0.0", "2130706433"])(
    "refuses an innocent name that resolves to %s",
    async (address) => {
      expect(await attempt("https://a.b/", { names: { "a.b": [address] } })).toMatchObject(REFUSED);
    },
  );
});

describe("E56 metadata services and private networks", () => {
  it.each([
    "169.254.169.254",
    "fd00:ec2::254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "fe80::1",
    "fc00::1",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
  ])("refuses %s, written or resolved", async (address) => {
    const literal = address.includes(":") ? `[${address}]` : address;
    expect(await attempt(`https://${literal}/`)).toMatchObject(REFUSED);
    const names = { "metadata.google.internal": [address] };
    expect(await attempt("https://metadata.google.internal/", { names })).toMatchObject(REFUSED);
  });
});

describe("E57 DNS rebinding", () => {
  it("refuses a set of public and private addresses, in either order", async () => {
    const [open, closed] = ["8.8.8.8", "127.0.0.1"];
    for (const set of [
      [open, closed],
      [closed, open],
    ]) {
      expect(await attempt("https://a.b/", { names: { "a.b": set } })).toMatchObject(REFUSED);
    }
  });

  it("checks each connection anew: the second answer is not trusted for the first", async () => {
    let answers = 0;
    using fixture = createHttpFixture({
      grants: ["127.0.0.1:1"],
      names: { "a.b": ["127.0.0.1"] },
      toEnclave: (message) => {
        if (message.kind !== "egress-resolved" || answers++ === 0) return [message];
        return [{ ...message, addresses: ["10.0.0.1"] }];
      },
    });
    expect(await fixture.fetch({ url: "https://a.b:1/" })).toEqual({ error: "connect" });
    expect(await fixture.fetch({ url: "https://a.b:1/" })).toMatchObject({ error: "denied" });
  });

  it("orders the connection by address, never by name, and ignores a second answer", async () => {
    await using server = await startHttpsServer((_request, response) => response.end("ok"));
    using fixture = createHttpFixture({
      grants: ["127.0.0.1"],
      roots: [server.root],
      names: { "a.b": ["127.0.0.1"] },
      toEnclave: (message) =>
        message.kind === "egress-resolved"
          ? [message, { ...message, addresses: ["10.0.0.1"] }]
          : [message],
    });
    // The server proves 127.0.0.1, not a.b: the connection is made and then refused.
    expect(await fixture.fetch({ url: `https://a.b:${server.port}/` })).toEqual({ error: "tls" });
    const orders = fixture.seen.filter(({ kind }) => kind === "egress-connect");
    expect(orders).toMatchObject([{ address: "127.0.0.1", port: server.port }]);
  });
});

describe("E59 schemes, ports and parser tricks", () => {
  it.each([
    "file:///etc/passwd",
    "ftp://a.b/",
    "data:text/plain,x",
    "unix:/var/run/docker.sock",
    "http://a.b/",
    "https://a.b:22/",
    "https://a.b:25/",
    "https://a.b:6379/",
    "https://user:password@a.b/",
    "https://a.b#@127.0.0.1/",
    "https://a.b\\@127.0.0.1/",
    "https://127.0.0.1\\@a.b/",
    "https://a.b\t/",
    "https://a.b/\r\nHost: c.d",
    "https://a.b:443:22/",
  ])("refuses %s before a name leaves the enclave", async (url) => {
    using fixture = createHttpFixture({ names: { "a.b": ["8.8.8.8"] } });
    expect(await fixture.fetch({ url })).toMatchObject({ error: "denied" });
    expect(fixture.seen).toEqual([]);
  });
});
