/**
 * Goal: a connection that is used again gives its next exchange nothing of the last one, is never another
 * contract's, and costs no request that must not come twice.
 * Method: real TLS servers that count, close, and speak out of turn.
 *
 * @module
 */
import type { TLSSocket } from "node:tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import { HTTP_IDLE_MS, HTTP_IDLE_PER_CONTRACT_MAX } from "#protocol/limits.ts";
import type { HttpResult } from "#protocol/http.ts";
import {
  createServerIdentity,
  startHttpsServer,
  startTlsServer,
} from "#sdk/testing/https/server.ts";
import { everything } from "#test/support/http-caller.ts";
import { createHttpFixture, type HttpFixture } from "#test/support/http-fixture.ts";

const identity = createServerIdentity();
const options = { grants: ["127.0.0.1", "localhost"], roots: [identity.root] };
const POST = { method: "POST", body: Buffer.from("pay") };
const keyed = { ...POST, headers: [{ name: "idempotency-key", value: "k" }] };

const bodyOf = (result: HttpResult): string =>
  "ok" in result ? Buffer.from(result.ok.body).toString() : result.error;

const answerOf = (text: string, head = ""): string =>
  `HTTP/1.1 200 OK\r\n${head}content-length: ${text.length}\r\n\r\n${text}`;

/** A server that sees each request on each of its connections, and answers as told. */
async function counting(answer: (socket: TLSSocket, connection: number, request: number) => void) {
  const requests: string[] = [];
  let connections = 0;
  const server = await startTlsServer((socket) => {
    const connection = ++connections;
    let text = "";
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      const whole = /^(\S+) \S+ HTTP\/1\.1\r\n[^]*?\r\n\r\n(?:pay)?$/.exec(text);
      if (whole === null || (whole[1] === "POST" && !text.endsWith("pay"))) return;
      text = "";
      requests.push(`${connection} ${whole[1]}`);
      answer(socket, connection, requests.length);
    });
  }, identity);
  return { server, requests };
}

/** Until all that has been sent is taken in. */
const settle = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 30));

function closed(fixture: HttpFixture): number {
  return fixture.seen.filter(({ kind }) => kind === "egress-close").length;
}

describe("67: a connection at rest", () => {
  it("serves the next request of its contract and origin", async () => {
    const { server, requests } = await counting((socket, connection, request) => {
      socket.write(answerOf(`${connection}.${request}`));
    });
    await using _ = server;
    using fixture = createHttpFixture(options);
    const url = server.origin;
    expect(bodyOf(await fixture.fetch({ url }))).toBe("1.1");
    expect(bodyOf(await fixture.fetch({ url, method: "PUT", body: Buffer.from("pay") }))).toBe(
      "1.2",
    );
    expect(bodyOf(await fixture.fetch({ url, ...keyed }))).toBe("1.3");
    expect(requests).toEqual(["1 GET", "1 PUT", "1 POST"]);
  });

  it("is for its contract, its name and its pins alone", async () => {
    const { server } = await counting((socket, connection) =>
      socket.write(answerOf(`${connection}`)),
    );
    await using _ = server;
    using fixture = createHttpFixture(options);
    const url = server.origin;
    const named = url.replace("127.0.0.1", "localhost");
    expect(bodyOf(await fixture.fetch({ url }, { contract: "aa" }))).toBe("1");
    expect(bodyOf(await fixture.fetch({ url }, { contract: "bb" }))).toBe("2");
    expect(bodyOf(await fixture.fetch({ url: named }, { contract: "aa" }))).toBe("3");
    const pins = [new Uint8Array(32)];
    expect(
      await fixture.fetch({ url }, { contract: "aa", grants: [{ ...everything, pins }] }),
    ).toEqual({
      error: "tls",
      detail: "pin",
    });
    expect(bodyOf(await fixture.fetch({ url }, { contract: "aa" }))).toBe("1");
  });

  it.each([
    ["says that it closes", answerOf("x", "connection: close\r\n")],
    ["speaks HTTP/1.0", answerOf("x").replace("1.1", "1.0")],
  ])("is none after an answer that %s", async (_name, answer) => {
    const { server } = await counting((socket) => void socket.write(answer));
    await using _ = server;
    using fixture = createHttpFixture(options);
    for (let i = 0; i < 2; i++)
      expect(bodyOf(await fixture.fetch({ url: server.origin }))).toBe("x");
    expect(server.connections()).toBe(2);
  });

  it.each([
    ["a second answer", answerOf("x") + answerOf("poison")],
    ["an answer that comes later", answerOf("x")],
  ])("never gives %s to the next request", async (_name, answer) => {
    const { server } = await counting((socket, connection) => {
      socket.write(answer);
      if (connection === 1) setTimeout(() => socket.write(answerOf("poison")), 5);
    });
    await using _ = server;
    using fixture = createHttpFixture(options);
    await fixture.fetch({ url: server.origin });
    while (closed(fixture) === 0) await settle();
    expect(bodyOf(await fixture.fetch({ url: server.origin }))).not.toBe("poison");
    expect(server.connections()).toBe(2);
  });

  it("is closed after an exchange that failed", async () => {
    const { server } = await counting((socket) => void socket.write("HTTP/1.1 200 OK\r\n\r\nx"));
    await using _ = server;
    using fixture = createHttpFixture(options);
    for (let i = 0; i < 2; i++) {
      expect(await fixture.fetch({ url: server.origin })).toEqual({ error: "protocol" });
    }
    expect([server.connections(), closed(fixture)]).toEqual([2, 2]);
  });

  it("is one of a few: the oldest make room", async () => {
    const held: (() => void)[] = [];
    await using server = await startHttpsServer((_request, response) => {
      held.push(() => response.end("x"));
    }, identity);
    using fixture = createHttpFixture(options);
    const count = HTTP_IDLE_PER_CONTRACT_MAX;
    const asked = Array.from({ length: count }, () => fixture.fetch({ url: server.origin }));
    while (held.length < count) await settle();
    for (const answer of held.splice(0)) answer();
    await Promise.all(asked);
    const more = fixture.fetch({ url: server.origin, ...POST });
    while (held.length === 0) await settle();
    held[0]?.();
    await more;
    expect(closed(fixture)).toBe(1);
  });
});

describe("the end of a rest", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("comes by itself", async () => {
    const { server } = await counting((socket) => void socket.write(answerOf("x")));
    await using _ = server;
    using fixture = createHttpFixture(options);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await fixture.fetch({ url: server.origin });
    await new Promise((resolve) => void setImmediate(resolve));
    expect(closed(fixture)).toBe(0);
    vi.advanceTimersByTime(HTTP_IDLE_MS);
    expect(closed(fixture)).toBe(1);
  });

  it("comes with that of the enclave", async () => {
    const { server } = await counting((socket) => void socket.write(answerOf("x")));
    await using _ = server;
    using fixture = createHttpFixture(options);
    await fixture.fetch({ url: server.origin });
    fixture.http.dispose();
    expect(closed(fixture)).toBe(1);
  });
});

describe("69: a connection that its server closes just then", () => {
  /** Takes one request, and closes when the second one comes, or in the middle of answering it. */
  const closing = (said: string) =>
    counting((socket, connection, request) => {
      if (connection === 1 && request > 1) socket.end(said);
      else socket.write(answerOf(`${connection}`));
    });

  it.each([
    ["GET", {}],
    ["POST with a key", keyed],
  ])("costs a %s nothing", async (_name, second) => {
    const { server, requests } = await closing("");
    await using _ = server;
    using fixture = createHttpFixture(options);
    await fixture.fetch({ url: server.origin });
    expect(bodyOf(await fixture.fetch({ url: server.origin, ...second }))).toBe("2");
    expect(requests).toHaveLength(3);
  });

  it("is not used for a request that must not come twice", async () => {
    const { server, requests } = await closing("");
    await using _ = server;
    using fixture = createHttpFixture(options);
    await fixture.fetch({ url: server.origin });
    expect(bodyOf(await fixture.fetch({ url: server.origin, ...POST }))).toBe("2");
    expect(requests).toEqual(["1 GET", "2 POST"]);
  });

  it("is no reason to ask again once a byte has come", async () => {
    const { server, requests } = await closing("HTTP/1.1 2");
    await using _ = server;
    using fixture = createHttpFixture(options);
    await fixture.fetch({ url: server.origin });
    expect(await fixture.fetch({ url: server.origin })).toEqual({ error: "protocol" });
    expect(requests).toHaveLength(2);
  });

  it("is tried again once, on a connection of its own", async () => {
    const { server, requests } = await counting((socket, _connection, request) => {
      if (request > 1) socket.end();
      else socket.write(answerOf("x"));
    });
    await using _ = server;
    using fixture = createHttpFixture(options);
    await fixture.fetch({ url: server.origin });
    expect(await fixture.fetch({ url: server.origin })).toEqual({ error: "protocol" });
    expect(requests).toHaveLength(3);
  });
});
