/**
 * Request bodies made to fill the worker process.
 */
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { Api, type Backend } from "#worker/api/server.ts";
import { FairShare, type Place } from "#worker/api/share.ts";

const backend: Backend = {
  request: () => undefined,
  info: () => undefined,
  receipt: () => undefined,
  subscribe: () => () => undefined,
  status: {},
};

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
    const api = await Api.listen(backend, { host: "127.0.0.1", port: 0, share });
    onTestFinished(() => api.stop(0));
    const head = "POST /v1/query HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    const answer = await answerTo(api.url, head + "1\r\nX\r\n".repeat(20_000));
    expect(answer).toContain("503");
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
