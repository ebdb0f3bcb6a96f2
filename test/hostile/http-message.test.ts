/**
 * Goal: no response makes the enclave follow, keep or decode more than its limits, nor a request say
 * more than the contract may.
 * Method: real TLS servers that write what they please.
 *
 * @module
 */
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { describe, expect, it } from "vitest";
import type { HttpRequest, HttpResult } from "#protocol/http.ts";
import {
  EGRESS_WINDOW_BYTES,
  HTTP_HEADER_BYTES_MAX,
  HTTP_HEADERS_MAX,
  HTTP_RESPONSE_BODY_BYTES_MAX,
  HTTP_WIRE_BYTES_MAX,
} from "#protocol/limits.ts";
import {
  createHttpFixture,
  type HttpFixture,
  type HttpFixtureOptions,
} from "#test/support/http-fixture.ts";
import {
  createServerIdentity,
  startHttpsServer,
  startTlsServer,
  type LocalHttps,
} from "#sdk/testing/https/server.ts";

const identity = createServerIdentity();

function fixtureFor(
  server: LocalHttps,
  toEnclave: HttpFixtureOptions["toEnclave"] = (message) => [message],
): HttpFixture {
  return createHttpFixture({
    grants: ["127.0.0.1"],
    roots: [server.root],
    toEnclave,
  });
}

/** Fetches once from a server that answers these very bytes, whatever it is asked. */
async function answered(
  response: string | Uint8Array | readonly (string | Uint8Array)[],
  { end = false, method = "GET" }: { end?: boolean; method?: string } = {},
): Promise<HttpResult> {
  await using server = await startTlsServer((socket) => {
    socket.once("data", () => {
      for (const piece of Array.isArray(response) ? response : [response]) socket.write(piece);
      if (end) socket.end();
    });
  }, identity);
  using fixture = fixtureFor(server);
  return await fixture.fetch({ url: server.origin, method });
}

/** Fetches once from a server that answers with an encoded body. */
async function encoded(encoding: string, body: Uint8Array): Promise<HttpResult> {
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return answered([head, body]);
}

function bodyOf(result: HttpResult): string {
  if ("error" in result) throw new Error(result.error);
  return Buffer.from(result.ok.body).toString();
}

describe("E58 redirects", () => {
  it.each([301, 302, 303, 307, 308])(
    "hands %s to the contract and connects once",
    async (status) => {
      await using server = await startHttpsServer((request, response) => {
        request.resume();
        response.writeHead(status, { location: "https://169.254.169.254/" }).end();
      }, identity);
      using fixture = fixtureFor(server);
      const request = {
        url: server.origin,
        method: "POST",
        body: Buffer.from("secret"),
        headers: [{ name: "authorization", value: "secret" }],
      };
      const result = await fixture.fetch(request);
      expect(result).toMatchObject({ ok: { status } });
      expect(server.connections()).toBe(1);
    },
  );
});

describe("E60 request smuggling", () => {
  const bad: Partial<HttpRequest>[] = [
    { headers: [{ name: "x", value: "a\r\nx-injected: 1" }] },
    { headers: [{ name: "x\r\nx-injected", value: "1" }] },
    { headers: [{ name: "x", value: "a\0b" }] },
    { headers: [{ name: "Host", value: "c.d" }] },
    { headers: [{ name: "Content-Length", value: "0" }] },
    { headers: [{ name: "Transfer-Encoding", value: "chunked" }] },
    { headers: [{ name: "Proxy-Authorization", value: "x" }] },
    { method: "CONNECT" },
    { method: "TRACE" },
    { method: "GET / HTTP/1.1\r\nx: y\r\n\r\nGET" },
  ];

  it.each(bad)("refuses %j and sends nothing", async (request) => {
    using fixture = createHttpFixture({ grants: ["127.0.0.1"] });
    expect(await fixture.fetch({ url: "https://127.0.0.1/", ...request })).toMatchObject({
      error: "denied",
    });
    expect(fixture.seen).toEqual([]);
  });

  it("sends exactly one well-framed request", async () => {
    let text = "";
    await using server = await startTlsServer((socket) => {
      socket.on("data", (bytes) => {
        text += bytes.toString();
        if (text.endsWith("payload")) socket.end("HTTP/1.1 204 No Content\r\n\r\n");
      });
    }, identity);
    using fixture = fixtureFor(server);
    await fixture.fetch({
      url: `${server.origin}/a?b`,
      method: "PUT",
      headers: [{ name: "X-One", value: "1" }],
      body: Buffer.from("payload"),
    });
    expect(text.split("\r\n")).toEqual([
      "PUT /a?b HTTP/1.1",
      `host: 127.0.0.1:${server.port}`,
      "x-one: 1",
      "accept: */*",
      "user-agent: hermetic",
      "accept-encoding: gzip, deflate, br, zstd",
      "connection: keep-alive",
      "content-length: 7",
      "",
      "payload",
    ]);
  });
});

describe("E61 response sizes and framing", () => {
  const OK = "HTTP/1.1 200 OK\r\n";
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, i) => `x-${i}: y\r\n`).join("");

  it("takes 128 headers and refuses 129 and 10,000", async () => {
    const response = (count: number): string => `${OK}${lines(count - 1)}content-length: 0\r\n\r\n`;
    expect(await answered(response(HTTP_HEADERS_MAX))).toMatchObject({ ok: { status: 200 } });
    expect(await answered(response(HTTP_HEADERS_MAX + 1))).toEqual({ error: "too-large" });
    expect(await answered(response(10_000))).toEqual({ error: "too-large" });
  });

  it("takes a header at its limit and refuses one byte more and 1 MiB", async () => {
    const response = (bytes: number): string =>
      `${OK}x: ${"v".repeat(bytes - 1)}\r\ncontent-length: 0\r\n\r\n`;
    expect(await answered(response(HTTP_HEADER_BYTES_MAX))).toMatchObject({ ok: { status: 200 } });
    expect(await answered(response(HTTP_HEADER_BYTES_MAX + 1))).toEqual({ error: "too-large" });
    expect(await answered(response(1024 * 1024))).toEqual({ error: "too-large" });
  });

  it("takes a body at its limit and refuses one byte more", async () => {
    const response = (bytes: number) => [
      `${OK}content-length: ${bytes}\r\n\r\n`,
      new Uint8Array(bytes),
    ];
    const largest = await answered(response(HTTP_RESPONSE_BODY_BYTES_MAX));
    expect(bodyOf(largest)).toHaveLength(HTTP_RESPONSE_BODY_BYTES_MAX);
    expect(await answered(response(HTTP_RESPONSE_BODY_BYTES_MAX + 1))).toEqual({
      error: "too-large",
    });
  });

  it("cuts an endless body", async () => {
    await using server = await startHttpsServer((_request, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(64 * 1024)));
      };
      response.on("drain", more);
      more();
    }, identity);
    using fixture = fixtureFor(server);
    expect(await fixture.fetch({ url: server.origin })).toEqual({ error: "too-large" });
  });

  it("cuts an endless stream of one-byte chunks", async () => {
    await using server = await startTlsServer((socket) => {
      const chunks = "1\r\nx\r\n".repeat(10_000);
      const more = (): void => {
        while (socket.writable && socket.write(chunks));
      };
      socket.once("data", () => {
        socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`);
        socket.on("drain", more);
        more();
      });
    }, identity);
    let received = 0;
    using fixture = fixtureFor(server, (message) => {
      if (message.kind === "egress-data") received += message.bytes.length;
      return [message];
    });
    expect(await fixture.fetch({ url: server.origin })).toEqual({ error: "too-large" });
    // Two million such chunks would fit the body's limit: twelve times the bytes.
    expect(received).toBeLessThan(HTTP_WIRE_BYTES_MAX + 2 * EGRESS_WINDOW_BYTES);
  });

  it.each([
    ["a body longer than its length", `${OK}content-length: 2\r\n\r\nabc`],
    [
      "length and chunks at once",
      `${OK}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ["two lengths", `${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nab`],
    ["a negative length", `${OK}content-length: -1\r\n\r\n`],
    ["a length of 2^64", `${OK}content-length: 18446744073709551616\r\n\r\n`],
    ["a bad chunk size", `${OK}transfer-encoding: chunked\r\n\r\nzz\r\n`],
    ["an unknown coding", `${OK}transfer-encoding: gzip\r\n\r\nx`],
    ["a header without a name", `${OK}: x\r\ncontent-length: 0\r\n\r\n`],
    ["a bare line feed", `${OK}x: y\ncontent-length: 0\r\n\r\n`],
    ["a NUL in a header", `${OK}x: y\0z\r\ncontent-length: 0\r\n\r\n`],
    ["a status of two digits", "HTTP/1.1 99 No\r\ncontent-length: 0\r\n\r\n"],
    ["a status below 100", "HTTP/1.1 099 No\r\ncontent-length: 0\r\n\r\n"],
    ["a status of zero", "HTTP/1.1 000 No\r\ncontent-length: 0\r\n\r\n"],
    ["a status of four digits", "HTTP/1.1 1000 No\r\ncontent-length: 0\r\n\r\n"],
    ["another protocol", "SSH-2.0-OpenSSH_9.9\r\n"],
    ["an upgrade", "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"],
    ["interim responses without end", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100)],
  ])("refuses %s", async (_name, response) => {
    expect(await answered(response)).toEqual({ error: "protocol" });
  });

  it.each([
    ["a body shorter than its length", `${OK}content-length: 3\r\n\r\nab`],
    ["chunks without the last", `${OK}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n`],
    ["a body that only the connection's end ends", `${OK}\r\nwhole, or cut short by the operator?`],
    ["half a head", `${OK}content-le`],
    ["nothing", ""],
  ])("refuses %s", async (_name, response) => {
    expect(await answered(response, { end: true })).toEqual({ error: "protocol" });
  });

  it("gives the first of two responses, never a mix", async () => {
    const second = "HTTP/1.1 500 No\r\ncontent-length: 2\r\n\r\ncd";
    const result = await answered(`${OK}content-length: 2\r\n\r\nab${second}`);
    expect([result, bodyOf(result)]).toMatchObject([{ ok: { status: 200 } }, "ab"]);
  });

  it("accepts responses that have no body by definition", async () => {
    expect(await answered("HTTP/1.1 204 No Content\r\n\r\n")).toMatchObject({
      ok: { status: 204 },
    });
    expect(await answered("HTTP/1.1 304 Not Modified\r\n\r\n")).toMatchObject({
      ok: { status: 304 },
    });
    const head = await answered(`${OK}content-length: 999\r\n\r\n`, { method: "HEAD" });
    expect(bodyOf(head)).toBe("");
  });

  it("accepts interim responses before the final one", async () => {
    const response = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${OK}content-length: 2\r\n\r\nok`;
    expect(bodyOf(await answered(response))).toBe("ok");
  });

  it("gives headers in lower case, in order, without those of the wire", async () => {
    const response = `${OK}X-B: 1\r\nConnection: keep-alive\r\nSet-Cookie: a\r\nset-cookie: b\r\nTransfer-Encoding: chunked\r\nX-A: \r\n\r\n2\r\nok\r\n0\r\nx-trailer: 1\r\n\r\n`;
    const result = await answered(response);
    expect(result).toMatchObject({
      ok: {
        headers: [
          { name: "x-b", value: "1" },
          { name: "set-cookie", value: "a" },
          { name: "set-cookie", value: "b" },
          { name: "x-a", value: "" },
        ],
      },
    });
  });
});

describe("E63 compressed bodies", () => {
  const text = Buffer.from("confidential ".repeat(100));
  const bomb = Buffer.alloc(HTTP_RESPONSE_BODY_BYTES_MAX * 32);

  it.each([
    ["gzip", gzipSync],
    ["X-GZIP", gzipSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
    ["identity", (bytes: Buffer) => bytes],
  ])("decodes %s", async (encoding, compress) => {
    expect(bodyOf(await encoded(encoding, compress(text)))).toBe(text.toString());
  });

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
  ])("stops a %s bomb", async (encoding, compress) => {
    expect(await encoded(encoding, compress(bomb))).toEqual({ error: "too-large" });
  });

  it("stops a bomb below the size limit by its ratio", async () => {
    const small = gzipSync(Buffer.alloc(HTTP_RESPONSE_BODY_BYTES_MAX / 2));
    expect(await encoded("gzip", small)).toEqual({ error: "too-large" });
  });

  it.each(["gzip, gzip", "gzip, br", "compress", "x", ""])(
    "refuses the encoding %j",
    async (encoding) => {
      expect(await encoded(encoding, gzipSync(gzipSync(text)))).toEqual({ error: "protocol" });
    },
  );

  it("refuses nested encodings in two headers", async () => {
    const body = gzipSync(gzipSync(text));
    const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`;
    expect(await answered([head, body])).toEqual({ error: "protocol" });
  });

  it.each(["gzip", "deflate", "br", "zstd"])("refuses broken and cut %s", async (encoding) => {
    expect(await encoded(encoding, Buffer.from("not compressed"))).toEqual({ error: "protocol" });
    expect(await encoded(encoding, gzipSync(text).subarray(0, 20))).toEqual({ error: "protocol" });
  });

  it("refuses a zstd frame that asks for a window over 8 MiB", async () => {
    // Magic, descriptor without content size, window descriptor for 16 MiB, an empty last raw block.
    const frame = Uint8Array.fromHex("28b52ffd0070010000");
    expect(await encoded("zstd", frame)).toEqual({ error: "protocol" });
  });
});
