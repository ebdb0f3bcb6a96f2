/**
 * Goal: the worker process carries bytes faithfully, within its windows and caps, and lets go of everything.
 *
 * @module
 */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { EgressToEnclave } from "#protocol/egress.ts";
import { EGRESS_CHUNK_BYTES_MAX, EGRESS_WINDOW_BYTES } from "#protocol/limits.ts";
import { createEgress, type Egress, type EgressOptions } from "#worker/egress/egress.ts";

interface Started {
  readonly egress: Egress;
  readonly told: EgressToEnclave[];
}

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function start(options?: EgressOptions): Started {
  const told: EgressToEnclave[] = [];
  const egress = createEgress((message) => void told.push(message), options);
  cleanups.push(() => egress.dispose());
  return { egress, told };
}

async function listen(
  serve: (socket: Socket) => void,
): Promise<{ port: number; server: Server; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => socket.destroy());
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server, sockets };
}

const connect = (id: number, port: number, address = "127.0.0.1") =>
  ({ kind: "egress-connect", id, address, port }) as const;

function received(told: readonly EgressToEnclave[]): Buffer {
  return Buffer.concat(
    told.map((message) => (message.kind === "egress-data" ? message.bytes : Buffer.of())),
  );
}

const kinds = (told: readonly EgressToEnclave[]): string[] => told.map(({ kind }) => kind);

describe("createEgress() of the worker process", () => {
  it("carries bytes both ways and returns credit for what was written", async () => {
    const { port } = await listen((socket) => socket.pipe(socket));
    const { egress, told } = start();
    egress.receive(connect(1, port));
    const bytes = Buffer.alloc(100_000, "payload");
    egress.receive({ kind: "egress-data", id: 1, bytes });
    egress.receive({ kind: "egress-end", id: 1 });
    await vi.waitFor(() => expect(told.at(-1)).toEqual({ kind: "egress-error", id: 1 }));
    expect(received(told).equals(bytes)).toBe(true);
    expect(told).toContainEqual({ kind: "egress-credit", id: 1, count: bytes.length });
    expect(kinds(told).slice(-2)).toEqual(["egress-end", "egress-error"]);
  });

  it("returns the credit of small writes together, before their writer runs short", async () => {
    let arrived = 0;
    const { port } = await listen((socket) =>
      socket.on("data", ({ length }) => (arrived += length)),
    );
    const { egress, told } = start();
    egress.receive(connect(1, port));
    const bytes = Buffer.alloc(1_000);
    for (let i = 0; i < 200; i++) egress.receive({ kind: "egress-data", id: 1, bytes });
    await vi.waitFor(() => expect(arrived).toBe(200_000));
    const credits = told.filter((message) => message.kind === "egress-credit");
    const returned = credits.reduce((sum, { count }) => sum + count, 0);
    expect(200_000 - returned).toBeLessThan(EGRESS_WINDOW_BYTES / 4);
    expect(credits.length).toBeLessThanOrEqual(4);
  });

  it("stops reading an endless stream at the window and goes on with each credit", async () => {
    let written = 0;
    const { port, sockets } = await listen((socket) => {
      const more = (): void => {
        while (socket.write(Buffer.alloc(10_000, written++)));
      };
      socket.on("drain", more);
      more();
    });
    const { egress, told } = start();
    egress.receive(connect(1, port));
    await vi.waitFor(() => expect(received(told).length).toBe(EGRESS_WINDOW_BYTES));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(received(told).length).toBe(EGRESS_WINDOW_BYTES);
    egress.receive({ kind: "egress-credit", id: 1, count: 12_345 });
    await vi.waitFor(() => expect(received(told).length).toBe(EGRESS_WINDOW_BYTES + 12_345));
    expect(received(told).every((byte, i) => byte === Math.floor(i / 10_000) % 256)).toBe(true);
    for (const message of told) {
      if (message.kind === "egress-data")
        expect(message.bytes.length).toBeLessThanOrEqual(EGRESS_CHUNK_BYTES_MAX);
    }
    egress.receive({ kind: "egress-close", id: 1 });
    await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
  });

  it("reports a refused connection, once", async () => {
    const { port, server } = await listen(() => {});
    await new Promise((resolve) => server.close(resolve));
    const { egress, told } = start();
    egress.receive(connect(1, port));
    await vi.waitFor(() => expect(told).toEqual([{ kind: "egress-error", id: 1 }]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toHaveLength(1);
  });

  it("gives up a connection that nobody answers", async () => {
    const { egress, told } = start({ connectMs: 50 });
    // TEST-NET-1 (RFC 5737) is routed nowhere; without a route the answer is immediate.
    egress.receive(connect(1, 9, "192.0.2.1"));
    await vi.waitFor(() => expect(kinds(told)).toEqual(["egress-error"]));
  });

  it.each(["localhost", "", "127.1", "/var/run/docker.sock"])(
    "connects to no name such as %j",
    (address) => {
      const { egress, told } = start();
      egress.receive(connect(1, 80, address));
      expect(told).toEqual([{ kind: "egress-error", id: 1 }]);
    },
  );

  it("holds no more sockets than its cap and takes new ones when old ones close", async () => {
    const { port } = await listen(() => {});
    const { egress, told } = start({ socketsMax: 2 });
    for (const id of [1, 2, 3]) egress.receive(connect(id, port));
    expect(told).toEqual([{ kind: "egress-error", id: 3 }]);
    egress.receive({ kind: "egress-close", id: 1 });
    egress.receive(connect(4, port));
    await vi.waitFor(() => expect(told).toContainEqual({ kind: "egress-connected", id: 4 }));
  });

  it("refuses a second tunnel of the same number", async () => {
    const { port } = await listen(() => {});
    const { egress, told } = start();
    egress.receive(connect(1, port));
    egress.receive(connect(1, port));
    expect(told).toEqual([{ kind: "egress-error", id: 1 }]);
  });

  it("says nothing after a close", async () => {
    const { port, sockets } = await listen(() => {});
    const { egress, told } = start();
    egress.receive(connect(1, port));
    await vi.waitFor(() =>
      expect([kinds(told), sockets.length]).toEqual([["egress-connected"], 1]),
    );
    egress.receive({ kind: "egress-close", id: 1 });
    egress.receive({ kind: "egress-data", id: 1, bytes: Buffer.from("x") });
    sockets[0]?.end("late");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(kinds(told)).toEqual(["egress-connected"]);
  });

  it("closes every socket when disposed", async () => {
    const { port, sockets } = await listen(() => {});
    const { egress, told } = start();
    for (const id of [1, 2]) egress.receive(connect(id, port));
    await vi.waitFor(() => expect(sockets).toHaveLength(2));
    egress.dispose();
    await vi.waitFor(() =>
      expect(sockets.every((socket) => socket.readableEnded || socket.destroyed)).toBe(true),
    );
    expect(kinds(told)).toEqual(["egress-connected", "egress-connected"]);
  });
});

describe("name resolution", () => {
  it("gives all addresses of a name", async () => {
    const { egress, told } = start();
    egress.receive({ kind: "egress-resolve", id: 1, host: "localhost" });
    await vi.waitFor(() => expect(told).toMatchObject([{ kind: "egress-resolved", id: 1 }]));
    const [answer] = told;
    expect(answer?.kind === "egress-resolved" && answer.addresses).toContain("127.0.0.1");
  });

  it("gives none for a name that does not exist", async () => {
    const { egress, told } = start({ lookupMs: 2_000 });
    egress.receive({ kind: "egress-resolve", id: 1, host: "nowhere.invalid" });
    await vi.waitFor(
      () => expect(told).toEqual([{ kind: "egress-resolved", id: 1, addresses: [] }]),
      5_000,
    );
  });

  it("gives up on names that wait too long and answers each once", async () => {
    const { egress, told } = start({ lookupMs: 1 });
    for (let id = 1; id <= 20; id++)
      egress.receive({ kind: "egress-resolve", id, host: `n${id}.invalid` });
    await vi.waitFor(() => expect(told).toHaveLength(20));
    expect(new Set(told.map(({ id }) => id)).size).toBe(20);
  });

  it("forgets a lookup that was closed, and all when disposed", async () => {
    const { egress, told } = start();
    for (const id of [1, 2, 3]) egress.receive({ kind: "egress-resolve", id, host: "localhost" });
    egress.receive({ kind: "egress-close", id: 2 });
    await vi.waitFor(() => expect(new Set(told.map(({ id }) => id))).toEqual(new Set([1, 3])));
    egress.receive({ kind: "egress-resolve", id: 4, host: "localhost" });
    egress.dispose();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told).toHaveLength(2);
  });
});
