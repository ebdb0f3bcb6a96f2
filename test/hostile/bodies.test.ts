/**
 * Request bodies made to fill the worker process.
 */
import { connect } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { BODY_BYTES_MAX } from "#protocol/api.ts";
import { faults } from "#protocol/faults.ts";
import { Listener } from "#worker/api/listener.ts";
import { Api, type Backend } from "#worker/api/server.ts";
import { FairShare, type Place, type ShareLimits } from "#worker/api/share.ts";

const backend: Backend = {
  request: () => () => undefined,
  info: () => undefined,
  receipt: () => undefined,
  subscribe: () => () => undefined,
  status: {},
};

async function serve(behind: Backend, share?: ShareLimits): Promise<Api> {
  const api = new Api(behind, await Listener.open({ host: "127.0.0.1", port: 0 }), share);
  onTestFinished(() => api.stop(0));
  return api;
}

/** What the worker answers to bytes on a connection of their own. */
async function answerTo(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  socket.write(bytes);
  return await new Promise((resolve) => {
    socket.once("data", (chunk: Buffer) => resolve(chunk.toString()));
  });
}

describe("request bodies", () => {
  it("50: in one-byte chunks count with what each chunk costs", async () => {
    const share = { requests: 8, bytes: 4 * 1024 * 1024 };
    const api = await serve(backend, share);
    const head = "POST /v1/query HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    const answer = await answerTo(api.url, head + "1\r\nX\r\n".repeat(20_000));
    expect(answer).toContain("503");
  }, 20_000);

  it("12: over the limit are refused by their announced length, or while they come", async () => {
    const api = await serve(backend);
    const head = "POST /v1/command HTTP/1.1\r\nHost: x\r\n";
    const announced = `${head}Content-Length: ${BODY_BYTES_MAX + 1}\r\n\r\n`;
    expect(await answerTo(api.url, announced)).toContain(" 413 ");
    const chunk = `10000\r\n${"X".repeat(0x10000)}\r\n`;
    const chunks = chunk.repeat(Math.ceil(BODY_BYTES_MAX / 0x10000) + 1);
    // No last chunk: whoever waits for the end would wait for ever.
    const streamed = `${head}Transfer-Encoding: chunked\r\n\r\n${chunks}`;
    expect(await answerTo(api.url, streamed)).toContain(" 413 ");
  }, 20_000);

  it("12: that are compressed are never expanded", async () => {
    const lengths: number[] = [];
    const request: Backend["request"] = (envelope, _, respond) => {
      lengths.push(envelope.length);
      respond({ kind: "refused", number: faults.ENVELOPE_MALFORMED.number, facts: {} });
      return () => undefined;
    };
    const api = await serve({ ...backend, request });
    const zeros = Buffer.alloc(4 * 1024 * 1024);
    const bombs = {
      gzip: gzipSync(zeros),
      br: brotliCompressSync(zeros),
      deflate: deflateSync(zeros),
    };
    for (const [encoding, body] of Object.entries(bombs)) {
      const response = await fetch(`${api.url}/v1/command`, {
        method: "POST",
        headers: { "content-encoding": encoding, "content-type": "application/octet-stream" },
        body: new Uint8Array(body),
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    for (const length of lengths) expect(length).toBeLessThan(zeros.length / 100);
  }, 20_000);

  it("84: of one address leave room for those of others", () => {
    const share = new FairShare({ requests: 100, bytes: 100 });
    const place = (address: string): Place => {
      const entered = share.enter(address);
      if (entered === undefined) throw new Error(`no place for ${address}`);
      return entered;
    };
    const flood = Array.from({ length: 10 }, () => place("flood").hold(10));
    expect(flood.filter(Boolean)).toHaveLength(5);
    expect(place("other").hold(30)).toBe(true);
    const third = place("third");
    expect(third.hold(20)).toBe(true);
    expect(third.hold(1)).toBe(false);
  });

  it("84: of one address are taken again once its others are gone", () => {
    const share = new FairShare({ requests: 100, bytes: 100 });
    const first = share.enter("a");
    expect(first?.hold(50)).toBe(true);
    expect(first?.hold(1)).toBe(false);
    first?.release();
    first?.release();
    expect(share.bytes).toBe(0);
    expect(share.enter("a")?.hold(50)).toBe(true);
  });
});
