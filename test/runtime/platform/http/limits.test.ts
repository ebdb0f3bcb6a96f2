/**
 * Goal: a body of exactly the declared limit is a response and one byte more is none, however it is coded and
 * framed; the contract's own time limit ends a request, and so does word that nobody waits for it.
 * Method: a real server on the loopback interface, bytes that no coding makes smaller.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Cancellation } from "#host/http/cancellation.ts";
import { HTTP_RESPONSE_BODY_BYTES_MAX } from "#protocol/limits.ts";
import { startHttpsServer, type LocalHttps } from "#sdk/testing/https/server.ts";
import { everything } from "#test/support/http-caller.ts";
import { createHttpFixture, type HttpFixture } from "#test/support/http-fixture.ts";

vi.setConfig({ testTimeout: 120_000 });

const quickly = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
const codings: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  identity: (body) => body,
  gzip: (body) => gzipSync(body),
  deflate: (body) => deflateSync(body),
  "deflate without its head": (body) => deflateRawSync(body),
  br: (body) => brotliCompressSync(body, quickly),
  zstd: (body) => zstdCompressSync(body),
};
const framings = ["length", "chunks"] as const;
/** A small one, one above which the ratio counts, and the largest. */
const limits = [1_000, 65_536, 100_000, HTTP_RESPONSE_BODY_BYTES_MAX];

let server: LocalHttps;
let fixture: HttpFixture;
let body = Buffer.alloc(0);

beforeAll(async () => {
  server = await startHttpsServer((request, response) => {
    const { coding = "", framing } = Object.fromEntries(
      new URL(`https://x${request.url}`).searchParams,
    );
    if (coding === "") return; // never a word
    const encoded = codings[coding]?.(body) ?? body;
    const [name = ""] = coding.split(" ");
    if (name !== "identity") response.setHeader("content-encoding", name);
    if (framing === "length") response.setHeader("content-length", encoded.length);
    else
      for (let at = 0; at < encoded.length; at += 9_999)
        response.write(encoded.subarray(at, at + 9_999));
    response.end(framing === "length" ? encoded : undefined);
  });
  fixture = createHttpFixture({ grants: ["127.0.0.1"], roots: [server.root] });
});
afterAll(async () => {
  fixture[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

/** What a contract gets of a body so long. */
async function told(bytes: number, responseBytes: number, coding: string, framing: string) {
  body = randomBytes(bytes);
  const url = `${server.origin}/?coding=${encodeURIComponent(coding)}&framing=${framing}`;
  const result = await fixture.fetch({ url }, { grants: [{ ...everything, responseBytes }] });
  return "ok" in result ? body.equals(result.ok.body) : result;
}

describe.each(Object.keys(codings))("a body in %s", (coding) => {
  it.each(framings)(
    "framed by %s is taken at exactly the limit, and refused one byte above",
    async (framing) => {
      for (const limit of limits) {
        expect(await told(limit, limit, coding, framing), `${limit}`).toBe(true);
        const tooLarge = { error: "too-large" };
        // The largest limit is nobody's own: there is nothing to declare.
        const refused =
          limit < HTTP_RESPONSE_BODY_BYTES_MAX ? { ...tooLarge, detail: "size" } : tooLarge;
        expect(await told(limit + 1, limit, coding, framing), `${limit} + 1`).toEqual(refused);
      }
    },
  );
});

describe("a time limit of the contract's own", () => {
  it("ends a request that nobody answers, and is not sent", async () => {
    const headers = [{ name: "hermetic-timeout", value: "50" }];
    const silent = await fixture.fetch({ url: server.origin, headers });
    expect(silent).toEqual({ error: "timeout" });
    await using echo = await startHttpsServer((request, response) => {
      response.end(JSON.stringify(request.headers));
    });
    using own = createHttpFixture({ grants: ["127.0.0.1"], roots: [echo.root] });
    const long = [{ name: "hermetic-timeout", value: "9999999" }];
    const result = await own.fetch({ url: echo.origin, headers: long });
    if ("error" in result) throw new Error(result.error);
    expect(JSON.parse(Buffer.from(result.ok.body).toString())).not.toHaveProperty(
      "hermetic-timeout",
    );
  });
});

describe("a call that nobody waits for any more", () => {
  it("closes the connections that it waits on", async () => {
    const asked = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    await using silent = await startHttpsServer((request) => {
      request.socket.once("close", () => closed.resolve());
      asked.resolve();
    });
    using own = createHttpFixture({ grants: ["127.0.0.1"], roots: [silent.root] });
    const cancellation = new Cancellation();
    const fetched = own.fetch({ url: silent.origin }, { call: { cancellation } });
    const failed = expect(fetched).rejects.toThrow("CALL_TIMEOUT");
    await asked.promise;
    cancellation.end();
    await failed;
    // The deadlines of this fixture are half a minute: what closes the connection now is this.
    await closed.promise;
  });
});
