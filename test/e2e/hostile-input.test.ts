/**
 * Strangers at the door of a worker: ATTACKS 47, 50 and 84.
 *
 * Goal: whatever arrives gets a typed answer or a closed connection, soon, and an honest client is served
 * all the while. Method: bodies, paths, methods, sockets and modules of every wrong kind.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { BODY_BYTES_MAX, encodeSealedBody, parseClearFault } from "#protocol/api.ts";
import { encodeEnvelopeHeader, type EnvelopeKind } from "#protocol/envelope.ts";
import { parseInfo } from "#protocol/info.ts";
import { ENVELOPE_BYTES_MAX } from "#protocol/limits.ts";
import { HermeticError, type Abi, type AccountClient, type Contract } from "#sdk/client/index.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { account, fixture, Site } from "./support/site.ts";
import type { WorkerProcess } from "#test/support/worker-process.ts";

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
let artefact: BuiltContract;
let worker: WorkerProcess;
let url: string;
let client: AccountClient;
let contract: Contract;
let served = 0;

const POST = "POST /v1/query HTTP/1.1\r\nHost: x\r\n";

beforeAll(async () => {
  [artefact, worker] = await Promise.all([fixture("tally"), site.worker(site.path("data"))]);
  ({ url } = await worker.ready);
  client = await account(url);
  contract = await client.deploy(artefact);
});

/** An honest command and query, which must work at any time, and how long they took. */
async function expectService(): Promise<number> {
  const startMs = performance.now();
  await contract.run("note", { id: 1, text: "" }, {});
  expect((await contract.read("sum", {}, {})).value).toBe(++served);
  return performance.now() - startMs;
}

async function post(path: string, body: Uint8Array): Promise<{ status: number; number: number }> {
  const response = await fetch(url + path, { method: "POST", body: new Uint8Array(body) });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, number: parseClearFault(bytes).number };
}

function socketTo(text = ""): Socket {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined); // closed by the worker
  if (text !== "") socket.write(text);
  return socket;
}

/** Resolves when a connection has ended, in whatever way. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.destroyed)
    await new Promise<void>((resolve) => socket.once("close", () => resolve()));
}

describe("a body", () => {
  it.each([
    ["empty", Buffer.alloc(0)],
    ["not MessagePack", Buffer.from("{}")],
    ["a MessagePack string", Buffer.from([0xa1, 0x41])],
    ["a length of 4 GiB", Buffer.from([0x91, 0xc6, 0xff, 0xff, 0xff, 0xff])],
    ["a million nested arrays", Buffer.alloc(1_000_000, 0x91)],
    ["an array of 4 G items", Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])],
    ["an empty envelope", Buffer.from(encodeSealedBody(new Uint8Array(0)))],
    ["zeros for an envelope", Buffer.from(encodeSealedBody(new Uint8Array(4_096)))],
    ["more than an envelope", Buffer.concat([encodeSealedBody(new Uint8Array(100)), Buffer.of(0)])],
    ["random bytes", randomBytes(100_000)],
  ])("that is %s is refused with a code", async (_, body) => {
    for (const path of ["/v1/session", "/v1/command", "/v1/query"]) {
      const { status, number } = await post(path, body);
      expect(status).toBe(400);
      expect([102, 104, 4400]).toContain(number);
    }
    await expectService();
  });

  it("over the limit is refused with 413, declared or not", async () => {
    expect(await post("/v1/command", Buffer.alloc(BODY_BYTES_MAX + 1))).toEqual({
      status: 413,
      number: 4413,
    });
    const chunked = socketTo(`${POST}Transfer-Encoding: chunked\r\n\r\n`);
    let answer = "";
    chunked.on("data", (bytes: Buffer) => (answer += bytes.toString("latin1")));
    const chunk = `10000\r\n${"x".repeat(0x1_0000)}\r\n`;
    for (let sent = 0; sent < 2 * BODY_BYTES_MAX; sent += chunk.length) chunked.write(chunk);
    await closed(chunked);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    await expectService();
  });

  it.each([-12, -1, 0, 1, 2, 4, 10, 16])(
    "with an envelope of the largest size and %i bytes is answered",
    async (by) => {
      const body = encodeSealedBody(new Uint8Array(ENVELOPE_BYTES_MAX + by));
      for (const path of ["/v1/session", "/v1/command", "/v1/query"]) {
        const answer = { status: by > 0 ? 413 : 400, number: by > 0 ? 4413 : 102 };
        expect(await post(path, body)).toEqual(answer);
      }
      await expectService();
    },
  );

  it("of random bytes behind a true header is refused, two thousand times", async () => {
    const info = parseInfo(new Uint8Array(await (await fetch(`${url}/v1/info`)).arrayBuffer()));
    const [session, contract32] = [new Uint8Array(16), new Uint8Array(32)];
    const headerOf = (kind: EnvelopeKind): Uint8Array =>
      encodeEnvelopeHeader({ ...info, kind, session, sequence: 1, contract: contract32 });
    const headers = [headerOf("session"), headerOf("query"), headerOf("command")];
    for (let round = 0; round < 20; round++) {
      const all = Array.from({ length: 100 }, (_, i) => {
        const header = headers[i % 3] ?? contract32;
        const envelope = Buffer.concat([header, randomBytes(28 + ((i * 13) % 600))]);
        return post("/v1/command", encodeSealedBody(envelope));
      });
      for (const { status } of await Promise.all(all)) expect([400, 401]).toContain(status);
    }
    await expectService();
  });
});

describe("a path or method", () => {
  it.each([
    ["GET", "/", 404],
    ["GET", "/v1/command", 405],
    ["DELETE", "/v1/info", 405],
    ["POST", "/v1/info", 405],
    ["GET", "/v1/receipt/zz", 404],
    ["GET", `/v1/receipt/${"00".repeat(32)}`, 404],
    ["GET", "/v1/../../etc/passwd", 404],
    ["GET", "/%2e%2e/%00", 404],
    ["POST", "/v1/receipt/", 405],
    ["PUT", "/v1/query?x=1", 405],
    ["PROPFIND", "/v1/session", 405],
  ])("%s %s is answered with a code", async (method, path, status) => {
    const response = await fetch(url + path, { method, headers: { accept: "application/json" } });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ fault: expect.stringMatching(/^HRM4\d{3}$/) });
  });

  it.each([
    ["TLS", "\u0016\u0003\u0001\u0002\u0000\u0001"],
    ["a word", "GET\r\n\r\n"],
    ["a version that is not", "GET /v1/info HTTP/9.9\r\n\r\n"],
    ["a path of 100 kB", `GET /${"a".repeat(100_000)} HTTP/1.1\r\n\r\n`],
    ["ten thousand headers", `GET / HTTP/1.1\r\n${"x: y\r\n".repeat(10_000)}\r\n`],
    ["two lengths", `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["a negative length", `${POST}Content-Length: -1\r\n\r\n`],
  ])("that is %s instead of HTTP ends the connection", async (_, text) => {
    const socket = socketTo(text);
    socket.resume();
    await closed(socket);
    await expectService();
  });
});

describe("a thousand sockets", () => {
  it("that say nothing, half a header or half a body keep nobody out, and are closed in time", async () => {
    const kinds = [
      "",
      "GET /v1/info HTTP/1.1\r\nHo",
      "POST /v1/command HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nhalf",
    ];
    const startMs = performance.now();
    const sockets = Array.from({ length: 1_000 }, (_, i) => socketTo(kinds[i % 3]));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    expect(await expectService()).toBeLessThan(10_000);
    const halfHeader = sockets[1] as Socket;
    halfHeader.resume();
    await closed(halfHeader);
    expect(performance.now() - startMs).toBeLessThan(40_000);
    expect(await expectService()).toBeLessThan(10_000);
    for (const socket of sockets) socket.destroy();
  });

  it("that all ask at once are all answered", async () => {
    const asked = Array.from({ length: 1_000 }, async () => {
      const response = await fetch(`${url}/v1/info`);
      await response.arrayBuffer();
      return response.status;
    });
    const statuses = new Set(await Promise.all(asked));
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    await expectService();
  });
});

describe("a module", () => {
  const abi: Abi = {
    ...{ abi: 1, contract: "X" },
    ...{ methods: [], types: [], events: [], errors: [], state: [] },
  };
  const deploy = (wasm: Uint8Array) => client.deploy({ wasm, abi });

  it.each<readonly [string, () => Uint8Array]>([
    ["no bytes", () => new Uint8Array(0)],
    ["random bytes", () => randomBytes(10_000)],
    ["a bare magic number", () => Buffer.from("0061736d0d000100", "hex")],
    ["a component cut in the middle", () => artefact.wasm.slice(0, artefact.wasm.length / 2)],
    ["a component without its last byte", () => artefact.wasm.slice(0, -1)],
    [
      "a component with bytes behind it",
      () => Buffer.concat([artefact.wasm, Buffer.alloc(3, 255)]),
    ],
    ["a component with a bit flipped in its code", () => flippedCode(artefact.wasm)],
    ["the largest there may be, of zeros", () => new Uint8Array(2 * 1024 * 1024)],
  ])("of %s is refused by the enclave, sealed, with a code", async (_, wasm) => {
    const refused = await deploy(wasm()).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refused !== undefined) {
      expect(refused).toBeInstanceOf(HermeticError);
      expect((refused as HermeticError).code).toMatch(/^HRM13\d\d$/);
    }
    await expectService();
  });

  it("is refused many times over without the worker growing for good", async () => {
    const junk = Array.from({ length: 40 }, () => deploy(randomBytes(500_000)));
    const settled = await Promise.allSettled(junk);
    expect(settled.every(({ status }) => status === "rejected")).toBe(true);
    await expectService();
  });
});

describe("the worker", () => {
  it("has said nothing of all this, and still ends well", async () => {
    expect(worker.output).not.toMatch(/^\s+at /m);
    expect(worker.output.split("\n").length).toBeLessThan(20);
    expect((await worker.stop()).status).toBe(0);
  });
});

/** One bit in the middle of the largest section. */
function flippedCode(wasm: Uint8Array): Uint8Array {
  return wasm.with(wasm.length >> 1, (wasm[wasm.length >> 1] as number) ^ 16);
}
