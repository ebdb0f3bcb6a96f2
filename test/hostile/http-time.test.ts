/**
 * Goal: a server, resolver or worker process that is slow or silent holds a call for its deadline and
 * no longer, and leaves nothing open.
 * Method: deadlines of fractions of a second; a stall at every step. The deadlines that are not in question are
 * out of reach, so that a call which ends at all was ended by the one that is, however slow the machine.
 *
 * @module
 */
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { HTTP_OPEN_PER_CONTRACT_MAX } from "#protocol/limits.ts";
import {
  createHttpFixture,
  type HttpFixture,
  type HttpFixtureOptions,
} from "#test/support/http-fixture.ts";
import { createServerIdentity, startTlsServer } from "#sdk/testing/https/server.ts";

const identity = createServerIdentity();
/** Far longer than a test may take. */
const NEVER_MS = 3_600_000;
const stalls = { totalMs: NEVER_MS, stallMs: 300, headMs: 300 };
const drips = { totalMs: 800, stallMs: NEVER_MS, headMs: NEVER_MS };
/** Timers count whole milliseconds. */
const ROUNDING_MS = 20;
const HEAD = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n";

function createFixture(options: HttpFixtureOptions): HttpFixture {
  return createHttpFixture({ grants: ["127.0.0.1"], roots: [identity.root], ...options });
}

/** One fetch: how it ended, that it was not too early, and whether all that it opened was closed. */
async function expectTimeout(
  url: string,
  expectedMs: number,
  options: HttpFixtureOptions,
): Promise<void> {
  using fixture = createFixture(options);
  const started = performance.now();
  const result = await fixture.fetch({ url });
  const ms = performance.now() - started;
  expect(result).toEqual({ error: "timeout" });
  expect(ms).toBeGreaterThan(expectedMs - ROUNDING_MS);
  const ids = (...kinds: string[]): number[] =>
    fixture.seen.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  expect(ids("egress-close")).toEqual(ids("egress-connect", "egress-resolve"));
}

function expectStall(url: string, options: HttpFixtureOptions = {}): Promise<void> {
  return expectTimeout(url, stalls.stallMs, { deadlines: stalls, ...options });
}

function expectDrip(url: string): Promise<void> {
  return expectTimeout(url, drips.totalMs, { deadlines: drips });
}

/** Writes one byte of the text every 50 ms. */
function drip(socket: Socket, text: string): void {
  let sent = 0;
  const timer = setInterval(() => void socket.write(text[sent++] ?? "x"), 50);
  socket.once("close", () => clearInterval(timer));
}

describe("E62 stalls", () => {
  it("in name resolution", async () => {
    await expectStall("https://a.b/", {
      fromEnclave: (m) => (m.kind === "egress-resolve" ? [] : [m]),
    });
  });

  it("in the connection", async () => {
    await expectStall("https://127.0.0.1:1/", {
      fromEnclave: (m) => (m.kind === "egress-connect" ? [] : [m]),
    });
  });

  it("before the handshake", async () => {
    await using server = await startRawServer(() => {});
    await expectStall(`https://127.0.0.1:${server.port}/`);
  });

  it.each([
    ["before the head", ""],
    ["inside the head", "HTTP/1.1 200 OK\r\nx-a: "],
    ["after the head", HEAD],
    ["inside the body", `${HEAD}abc`],
    ["inside a chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab"],
  ])("%s", async (_name, text) => {
    await using server = await startTlsServer((socket) => {
      socket.once("data", () => socket.write(text));
    }, identity);
    await expectStall(server.origin);
  });

  it("of a server that never reads a large request", async () => {
    await using server = await startTlsServer((socket) => void socket.pause(), identity);
    using fixture = createFixture({ deadlines: stalls });
    const body = new Uint8Array(1024 * 1024);
    const result = await fixture.fetch({ url: server.origin, method: "POST", body });
    expect(result).toEqual({ error: "timeout" });
  });
});

describe("E62 slowloris", () => {
  it("a handshake of one byte at a time ends at its own deadline", async () => {
    await using server = await startRawServer((socket) => drip(socket, "\x16\x03\x03\x30\0"));
    await expectStall(`https://127.0.0.1:${server.port}/`);
  });

  it.each([
    ["a head", "", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(1_000)}`],
    ["headers without end", "HTTP/1.1 200 OK\r\n", "a: b\r\n".repeat(1_000)],
    ["a body", HEAD, ""],
  ])("%s of one byte at a time ends at the total deadline", async (_name, atOnce, slowly) => {
    await using server = await startTlsServer((socket) => {
      socket.once("data", () => {
        socket.write(atOnce);
        drip(socket, slowly);
      });
    }, identity);
    await expectDrip(server.origin);
  });
});

describe("E64 deadlines", () => {
  it("end the wait for a turn too, at the total deadline", async () => {
    const deadlines = { totalMs: 800, stallMs: 700 };
    await using server = await startTlsServer((socket) => drip(socket, HEAD), identity);
    using fixture = createFixture({ deadlines });
    const many = Array.from({ length: HTTP_OPEN_PER_CONTRACT_MAX + 8 }, () =>
      fixture.fetch({ url: server.origin }),
    );
    for (const result of await Promise.all(many)) expect(result).toEqual({ error: "timeout" });
  });
});

const rawServers: Server[] = [];

afterEach(() => {
  for (const server of rawServers.splice(0)) server.close();
});

async function startRawServer(
  serve: (socket: Socket) => void,
): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.resume();
    serve(socket);
  });
  rawServers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      return Promise.resolve();
    },
  };
}
