/**
 * Goal: a worker process that lies about the tunnel gains an error of the table, nothing else.
 * Method: the messages between enclave and worker process are changed on their way.
 *
 * @module
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EgressFromEnclave, EgressToEnclave } from "#protocol/egress.ts";
import { httpErrors, type HttpResult } from "#protocol/http.ts";
import { EGRESS_CHUNK_BYTES_MAX, EGRESS_WINDOW_BYTES } from "#protocol/limits.ts";
import { createHttpFixture, type HttpFixtureOptions } from "#test/support/http-fixture.ts";
import { createServerIdentity, startHttpsServer } from "#sdk/testing/https/server.ts";

const identity = createServerIdentity();
const BODY = "confidential ".repeat(10_000);

type Lie = Pick<HttpFixtureOptions, "toEnclave" | "fromEnclave">;

/** One fetch of a body of some 130 KB, with the operator in between. */
async function fetchThrough(lie: Lie): Promise<HttpResult> {
  await using server = await startHttpsServer((_request, response) => response.end(BODY), identity);
  using fixture = createHttpFixture({
    grants: ["127.0.0.1"],
    roots: [identity.root],
    ...lie,
  });
  return await fixture.fetch({ url: server.origin });
}

/** Applies a change to the n-th data message only. */
function onData(
  n: number,
  change: (message: EgressToEnclave & { kind: "egress-data" }) => EgressToEnclave[],
): Lie {
  let count = 0;
  return {
    toEnclave: (message) =>
      message.kind === "egress-data" && count++ === n ? change(message) : [message],
  };
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at % copy.length] = (copy[at % copy.length] as number) ^ 1;
  return copy;
}

describe("the operator and a tunnel", () => {
  it("honest, gets the response through", async () => {
    const result = await fetchThrough({});
    expect(result).toMatchObject({ ok: { status: 200 } });
  });

  it.each<[string, Lie, string]>([
    [
      "flips a bit of the handshake",
      onData(0, (m) => [{ ...m, bytes: flipped(m.bytes, 100) }]),
      "tls",
    ],
    [
      "flips a bit of the response",
      onData(1, (m) => [{ ...m, bytes: flipped(m.bytes, 50) }]),
      "tls",
    ],
    ["repeats a piece", onData(1, (m) => [m, m]), "tls"],
    [
      "closes in the middle of the body",
      onData(2, ({ id }) => [{ kind: "egress-end", id }]),
      "protocol",
    ],
    [
      "breaks in the middle of the body",
      onData(2, ({ id }) => [{ kind: "egress-error", id }]),
      "protocol",
    ],
    ["closes in the handshake", onData(0, ({ id }) => [{ kind: "egress-end", id }]), "tls"],
    ["breaks in the handshake", onData(0, ({ id }) => [{ kind: "egress-error", id }]), "tls"],
    [
      "answers plain HTTP",
      onData(0, (m) => [
        { ...m, bytes: Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n") },
      ]),
      "tls",
    ],
    [
      "sends more than the window",
      onData(1, (m) =>
        Array.from({ length: EGRESS_WINDOW_BYTES / EGRESS_CHUNK_BYTES_MAX + 1 }, () => ({
          ...m,
          bytes: new Uint8Array(EGRESS_CHUNK_BYTES_MAX),
        })),
      ),
      "tls",
    ],
    ["opens twice", onData(0, (m) => [{ kind: "egress-connected", id: m.id }]), "tls"],
  ])("who %s", async (_name, lie, error) => {
    expect(await fetchThrough(lie)).toEqual({ error });
  });

  it("who flips a bit of the request is not believed by the server", async () => {
    let count = 0;
    const result = await fetchThrough({
      fromEnclave: (message) => {
        const hit = message.kind === "egress-data" && ++count === 3;
        return hit ? [{ ...message, bytes: flipped(message.bytes, 20) }] : [message];
      },
    });
    expect(result).toHaveProperty("error");
  });

  it("who withholds credit stops the request at its deadline", async () => {
    const withhold: Lie = {
      toEnclave: (message) => (message.kind === "egress-credit" ? [] : [message]),
    };
    await using server = await startHttpsServer((request, response) => {
      request.resume().once("end", () => response.end());
    }, identity);
    const deadlines = { totalMs: 1_000, stallMs: 300 };
    using fixture = createHttpFixture({
      grants: ["127.0.0.1"],
      roots: [identity.root],
      deadlines,
      ...withhold,
    });
    const body = new Uint8Array(1024 * 1024);
    expect(await fixture.fetch({ url: server.origin, method: "POST", body })).toEqual({
      error: "timeout",
    });
  });

  it("who connects to another machine gets a refused handshake", async () => {
    const other = createServerIdentity({ alternatives: ["other.example"] });
    await using wrong = await startHttpsServer((_request, response) => response.end("lie"), other);
    const result = await fetchThrough({
      fromEnclave: (message) =>
        message.kind === "egress-connect" ? [{ ...message, port: wrong.port }] : [message],
    });
    expect(result).toEqual({ error: "tls" });
  });

  it("property: whatever is dropped, doubled, cut or swapped, the body is whole or there is none", async () => {
    await using server = await startHttpsServer(
      (_request, response) => response.end(BODY),
      identity,
    );
    const act = fc.record({
      at: fc.nat(12),
      what: fc.constantFrom("drop", "double", "cut", "flip", "end", "delay"),
      byte: fc.nat(2 ** 16),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (acts, inbound) => {
          const meddle = meddler(acts);
          using fixture = createHttpFixture({
            grants: ["127.0.0.1"],
            roots: [identity.root],
            deadlines: { totalMs: 300, stallMs: 150 },
            ...(inbound
              ? { toEnclave: meddle<EgressToEnclave> }
              : { fromEnclave: meddle<EgressFromEnclave> }),
          });
          const result = await fixture.fetch({ url: server.origin });
          if ("ok" in result) expect(Buffer.from(result.ok.body).toString()).toBe(BODY);
          else expect(httpErrors).toContain(result.error);
        },
      ),
      { numRuns: 60 },
    );
  });
});

interface Act {
  readonly at: number;
  readonly what: string;
  readonly byte: number;
}

function meddler(
  acts: readonly Act[],
): <M extends EgressFromEnclave | EgressToEnclave>(message: M) => M[] {
  let count = 0;
  let held: unknown[] = [];
  return <M extends EgressFromEnclave | EgressToEnclave>(message: M): M[] => {
    const act = acts.find(({ at }) => at === count);
    count++;
    const before = held.splice(0) as M[]; // of the same direction
    held = [];
    switch (act?.what) {
      case undefined:
        return [message, ...before];
      case "drop":
        return before;
      case "double":
        return [...before, message, message];
      case "delay":
        held = [message];
        return before;
      case "end":
        return [...before, { kind: "egress-end", id: message.id } as M]; // legal in both directions
      default:
        return [...before, changed(message, act as Act)];
    }
  };
}

function changed<M extends EgressFromEnclave | EgressToEnclave>(
  message: M,
  { what, byte }: Act,
): M {
  if (message.kind !== "egress-data" || message.bytes.length === 0) return message;
  const { bytes } = message;
  if (what === "flip") return { ...message, bytes: flipped(bytes, byte) };
  return { ...message, bytes: bytes.subarray(0, byte % bytes.length) };
}
