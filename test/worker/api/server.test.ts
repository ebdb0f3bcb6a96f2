/**
 * The HTTP API against a backend that does as told: routes, forms, limits, fairness, stopping.
 *
 * @module
 */
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  BODY_BYTES_MAX,
  encodeSealedBody,
  parseClearFault,
  parseSealedBody,
} from "#protocol/api.ts";
import type { PublicEvent } from "#protocol/messages.ts";
import { envelopeOf } from "#worker/api/body.ts";
import { Listener, type ListenOptions } from "#worker/api/listener.ts";
import { Api, type Backend } from "#worker/api/server.ts";
import { FairShare, type Place, type ShareLimits } from "#worker/api/share.ts";
import type { Respond } from "#worker/enclave/requests.ts";

interface Stage {
  readonly api: Api;
  readonly url: string;
  /** Envelopes that were handed on, each with its answer. */
  readonly held: { envelope: Uint8Array; respond: Respond }[];
  /** Requests whose connection is no longer there to be answered. */
  readonly gone: readonly string[];
  publish(event: PublicEvent): void;
}

interface StageOptions extends Partial<ListenOptions> {
  readonly share?: ShareLimits;
}

/** Answers `hold…` when the test does, all else at once with the envelope itself. */
async function stage(options: StageOptions = {}): Promise<Stage> {
  const held: Stage["held"] = [];
  const gone: string[] = [];
  let listener: (events: readonly PublicEvent[]) => void = () => undefined;
  const backend: Backend = {
    request: (envelope, _mayCommit, respond) => {
      const text = Buffer.from(envelope).toString();
      if (text.startsWith("hold")) held.push({ envelope, respond });
      else if (text === "refuse") respond({ kind: "refused", number: 202, facts: { window: 256 } });
      else respond({ kind: "sealed", bytes: envelope });
      return () => void gone.push(text);
    },
    info: (respond) => respond({ kind: "sealed", bytes: Buffer.from("info") }),
    receipt: (requestId, respond) => {
      if (requestId[0] === 1) respond({ kind: "sealed", bytes: requestId });
      else respond({ kind: "refused", number: 4404, facts: {} });
    },
    subscribe: (own) => {
      listener = own;
      return () => undefined;
    },
    status: { height: 7 },
  };
  const { share, ...listen } = options;
  const address = await Listener.open({ host: "127.0.0.1", port: 0, ...listen });
  const api = new Api(backend, address, share);
  onTestFinished(() => api.stop(0));
  return { api, url: api.url, held, gone, publish: (event) => listener([event]) };
}

const body = (text: string) => encodeSealedBody(Buffer.from(text));

async function post(url: string, path: string, bytes: Uint8Array, json = false): Promise<Response> {
  const headers = json ? { accept: "application/json" } : {};
  return await fetch(url + path, { method: "POST", body: Buffer.from(bytes), headers });
}

async function faultOf(response: Response) {
  return parseClearFault(new Uint8Array(await response.arrayBuffer()));
}

describe("Api", () => {
  it("hands envelopes on and gives sealed replies back", async () => {
    const { url } = await stage();
    for (const path of ["/v1/session", "/v1/query", "/v1/command"]) {
      const response = await post(url, path, body("sealed"));
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("application/msgpack");
      const reply = parseSealedBody(new Uint8Array(await response.arrayBuffer()));
      expect(Buffer.from(reply).toString()).toBe("sealed");
    }
    const json = await post(url, "/v1/query", body("sealed"), true);
    expect(await json.json()).toEqual({ reply: Buffer.from("sealed").toString("base64") });
  });

  it("gives faults as numbers, and in words of code to those who ask for JSON", async () => {
    const { url } = await stage();
    const response = await post(url, "/v1/command", body("refuse"));
    expect(response.status).toBe(409);
    expect(await faultOf(response)).toEqual({ number: 202, facts: { window: 256 } });
    const json = await post(url, "/v1/command", body("refuse"), true);
    expect(await json.json()).toEqual({
      fault: "HRM1202",
      code: "SESSION_REPLAYED",
      facts: { window: 256 },
    });
  });

  it.each([
    ["GET", "/v1/query", 405, 4405],
    ["POST", "/v1/info", 405, 4405],
    ["GET", "/nothing", 404, 4403],
    ["GET", "/v1/receipt/zz", 404, 4404],
    ["GET", `/v1/receipt/${"00".repeat(32)}`, 404, 4404],
    ["GET", `/v1/receipt/${"01".repeat(33)}`, 404, 4404],
    ["DELETE", "/v1/command", 405, 4405],
  ])("refuses %s %s", async (method, path, status, number) => {
    const { url } = await stage();
    const response = await fetch(url + path, { method });
    expect(response.status).toBe(status);
    expect(await faultOf(response)).toEqual({ number, facts: {} });
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["another shape", Uint8Array.of(0x92, 0xc0, 0xc0)],
    ["a length that lies", Uint8Array.of(0x91, 0xc4, 9, 1)],
    ["bytes behind the value", Uint8Array.of(0x91, 0xc4, 1, 1, 1)],
    ["text", Buffer.from("GET / HTTP/1.1")],
  ])("refuses a body of %s", async (_name, bytes) => {
    const { url } = await stage();
    const response = await post(url, "/v1/query", bytes);
    expect(response.status).toBe(400);
    expect((await faultOf(response)).number).toBe(4400);
  });

  it("takes a body at the limit and refuses one byte more, before it has read it", async () => {
    const { url } = await stage();
    const header = 6;
    const largest = encodeSealedBody(new Uint8Array(BODY_BYTES_MAX - header));
    expect(largest).toHaveLength(BODY_BYTES_MAX);
    expect((await post(url, "/v1/command", largest)).status).toBe(200);
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(`${url}/v1/command`, {
        method: "POST",
        headers: { "content-length": String(BODY_BYTES_MAX + 1) },
      });
      request.on("response", (response) => resolve(response.statusCode));
      request.on("error", reject);
      request.flushHeaders();
    });
    expect(status).toBe(413);
  });

  it("cuts off an endless chunked body", async () => {
    const { url } = await stage();
    const seen = await new Promise<string>((resolve) => {
      const request = httpRequest(`${url}/v1/command`, { method: "POST" });
      const chunk = Buffer.alloc(256 * 1024);
      const more = () => {
        if (!request.destroyed) request.write(chunk, () => setImmediate(more));
      };
      request.on("response", (response) => {
        resolve(String(response.statusCode));
        request.destroy();
      });
      request.on("error", (error) => resolve((error as NodeJS.ErrnoException).code ?? ""));
      more();
    });
    expect(["413", "ECONNRESET", "EPIPE"]).toContain(seen);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it("answers busy when too much is under way, and serves again afterwards", async () => {
    const { url, held } = await stage({ share: { requests: 8, bytes: 1e6 } });
    const slow = Array.from({ length: 4 }, (_, at) => post(url, "/v1/query", body(`hold ${at}`)));
    await expect.poll(() => held.length).toBe(4);
    const refused = await post(url, "/v1/query", body("one more"));
    expect(refused.status).toBe(503);
    expect((await faultOf(refused)).number).toBe(4503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    for (const { envelope, respond } of held) respond({ kind: "sealed", bytes: envelope });
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await post(url, "/v1/query", body("one more"))).status).toBe(200);
  });

  it("forgets requests whose client went away in the middle of the body", async () => {
    const { url } = await stage({ share: { requests: 2, bytes: 1e6 } });
    const { port } = new URL(url);
    for (let round = 0; round < 10; round++) {
      const socket = connect(Number(port), "127.0.0.1");
      socket.write("POST /v1/query HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
      await new Promise((resolve) => setTimeout(resolve, 10));
      socket.destroy();
    }
    await expect.poll(async () => (await post(url, "/v1/query", body("sealed"))).status).toBe(200);
  });

  it("keeps the place of a question whose asker has left", async () => {
    const { url, held, gone } = await stage({ share: { requests: 2, bytes: 1e6 } });
    const controller = new AbortController();
    const left = fetch(`${url}/v1/query`, {
      method: "POST",
      body: Buffer.from(body("hold")),
      signal: controller.signal,
    });
    await expect.poll(() => held.length).toBe(1);
    controller.abort();
    await expect(left).rejects.toThrow();
    await expect.poll(() => gone).toEqual(["hold"]);
    expect((await post(url, "/v1/query", body("next"))).status).toBe(503);
    held[0]?.respond({ kind: "sealed", bytes: Buffer.from("late") });
    await expect.poll(async () => (await post(url, "/v1/query", body("next"))).status).toBe(200);
  });

  it("cuts off headers and bodies that take too long", async () => {
    const { url } = await stage({ timeouts: { headersMs: 100, requestMs: 200 } });
    const { port } = new URL(url);
    const answers = [
      "POST /v1/query HTTP/1.1\r\nHost: x\r\n",
      "POST /v1/query HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
    ].map(
      (start) =>
        new Promise<string>((resolve) => {
          const socket = connect(Number(port), "127.0.0.1");
          let text = "";
          socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
          socket.on("close", () => resolve(text));
          socket.write(start);
        }),
    );
    for (const text of await Promise.all(answers)) expect(text).toContain("408");
  });

  it("streams public events, to those who asked for that contract only", async () => {
    const { url, publish } = await stage();
    const wanted = "ab".repeat(32);
    const response = await fetch(`${url}/v1/events?contract=${wanted}`);
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let text = decoder.decode((await reader?.read())?.value);
    for (const fill of [0xcd, 0xab]) {
      const contract = new Uint8Array(32).fill(fill);
      publish({ contract, height: 3, name: "Said", fields: Uint8Array.of(1, 2) });
    }
    text += decoder.decode((await reader?.read())?.value);
    const data = { height: 3, contract: wanted, name: "Said", fields: "0102" };
    expect(text).toBe(`: open\n\nid: 3\nevent: contract\ndata: ${JSON.stringify(data)}\n\n`);
    await reader?.cancel();
  });

  it("shows heights, counts and latencies, and no text of a client", async () => {
    const { url } = await stage();
    await post(url, "/v1/query", body("sealed"));
    await fetch(`${url}/secret-path?with=secrets`);
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain("hermetic_height 7\n");
    expect(text).toContain('hermetic_answers_total{path="/v1/query",status="200"} 1\n');
    expect(text).not.toContain("secret");
  });

  it("lets pages of other origins call it", async () => {
    const { url } = await stage();
    const preflight = await fetch(`${url}/v1/query`, { method: "OPTIONS" });
    expect(preflight.status).toBe(204);
    const response = await post(url, "/v1/query", body("sealed"));
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("answers what is under way when it stops, and takes nothing new", async () => {
    const { api, url, held } = await stage();
    const slow = post(url, "/v1/query", body("hold"));
    await expect.poll(() => held.length).toBe(1);
    const stopped = api.stop(5_000);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    held[0]?.respond({ kind: "sealed", bytes: Buffer.from("late") });
    expect((await slow).status).toBe(200);
    await stopped;
  });

  it("names an address that is taken", async () => {
    const { url } = await stage();
    const { port } = new URL(url);
    await expect(stage({ port: Number(port) })).rejects.toMatchObject({
      reason: "LISTEN_REFUSED",
      subject: expect.stringContaining("EADDRINUSE"),
    });
  });
});

describe("FairShare", () => {
  const enterAll = (share: FairShare, address: string) => {
    const places: Place[] = [];
    for (;;) {
      const place = share.enter(address);
      if (place === undefined) return places;
      places.push(place);
    }
  };

  it("lets one address take half while nobody else is there", () => {
    expect(enterAll(new FairShare({ requests: 10, bytes: 100 }), "a")).toHaveLength(5);
  });

  it("keeps room for others when one address floods", () => {
    const share = new FairShare({ requests: 10, bytes: 100 });
    enterAll(share, "flood");
    expect(share.enter("other")).toBeDefined();
    expect(share.enter("third")).toBeDefined();
    expect(share.enter("flood")).toBeUndefined();
  });

  it("frees a place only when its request is both answered and gone", () => {
    const share = new FairShare({ requests: 10, bytes: 100 });
    const place = share.enter("a");
    expect(place?.hold(50)).toBe(true);
    expect(place?.hold(1)).toBe(false);
    place?.release();
    expect([share.requests, share.bytes]).toEqual([1, 50]);
    place?.release();
    expect([share.requests, share.bytes]).toEqual([0, 0]);
  });
});

describe("envelopeOf()", () => {
  it("agrees with the strict parser on every length form", () => {
    for (const length of [0, 1, 255, 256, 65_535, 65_536]) {
      const bytes = encodeSealedBody(new Uint8Array(length).fill(7));
      expect(envelopeOf(bytes)).toEqual(parseSealedBody(bytes));
    }
  });
});
