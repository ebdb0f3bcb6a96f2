import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEgress, type Egress } from "#host/http/egress-client.ts";
import type { Tunnel } from "#host/http/tunnel.ts";
import type { EgressFromEnclave, EgressToEnclave } from "#protocol/egress.ts";
import { EGRESS_CHUNK_BYTES_MAX, EGRESS_WINDOW_BYTES } from "#protocol/limits.ts";

interface Opened {
  readonly egress: Egress;
  readonly tunnel: Tunnel;
  readonly id: number;
  readonly sent: EgressFromEnclave[];
  readonly events: string[];
}

function listen(tunnel: Tunnel, events: string[]): void {
  tunnel.listen({
    data: (bytes) => void events.push(`data ${bytes.length}`),
    end: () => void events.push("end"),
    failed: () => void events.push("failed"),
  });
}

function open(): Opened {
  const sent: EgressFromEnclave[] = [];
  const events: string[] = [];
  const egress = createEgress((message) => void sent.push(message));
  const tunnel = egress.power.connect("8.8.8.8", 443);
  const id = (sent[0] as EgressFromEnclave).id;
  egress.receive({ kind: "egress-connected", id });
  listen(tunnel, events);
  sent.length = 0;
  return { egress, tunnel, id, sent, events };
}

const data = (id: number, length: number): EgressToEnclave => ({
  kind: "egress-data",
  id,
  bytes: new Uint8Array(length),
});

describe("createEgress() of the enclave", () => {
  it("orders the connection and reports that it opened", async () => {
    const sent: EgressFromEnclave[] = [];
    const egress = createEgress((message) => void sent.push(message));
    const tunnel = egress.power.connect("8.8.8.8", 443);
    expect(sent).toEqual([{ kind: "egress-connect", id: 1, address: "8.8.8.8", port: 443 }]);
    egress.receive({ kind: "egress-connected", id: 1 });
    expect(await tunnel.opened).toBe(true);
  });

  it("keeps bytes that came before the reader did", () => {
    const { egress, id } = open();
    const sent: EgressFromEnclave[] = [];
    const early = createEgress((message) => void sent.push(message));
    const tunnel = early.power.connect("8.8.8.8", 443);
    early.receive({ kind: "egress-connected", id: 1 });
    early.receive(data(1, 5));
    early.receive({ kind: "egress-end", id: 1 });
    const events: string[] = [];
    listen(tunnel, events);
    expect(events).toEqual(["data 5", "end"]);
    egress.receive(data(id + 100, 5)); // nobody's
  });

  it("sends a window, waits for credit, then sends the rest in chunks", async () => {
    const { egress, tunnel, id, sent } = open();
    const bytes = new Uint8Array(EGRESS_WINDOW_BYTES + 10).map((_, i) => i % 251);
    const written = tunnel.write(bytes);
    await Promise.resolve();
    const count = (): number =>
      sent.reduce(
        (sum, message) => sum + (message.kind === "egress-data" ? message.bytes.length : 0),
        0,
      );
    expect(count()).toBe(EGRESS_WINDOW_BYTES);
    egress.receive({ kind: "egress-credit", id, count: 10 });
    expect(await written).toBe(true);
    const pieces = sent.map((message) =>
      message.kind === "egress-data" ? message.bytes : new Uint8Array(),
    );
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBe(EGRESS_CHUNK_BYTES_MAX);
  });

  it("does not believe credit beyond the window", async () => {
    const { egress, tunnel, id, sent } = open();
    egress.receive({ kind: "egress-credit", id, count: EGRESS_WINDOW_BYTES });
    void tunnel.write(new Uint8Array(EGRESS_WINDOW_BYTES * 2));
    await Promise.resolve();
    expect(sent.length).toBe(EGRESS_WINDOW_BYTES / EGRESS_CHUNK_BYTES_MAX);
  });

  it("takes a full window and closes the tunnel on one byte more", () => {
    const { egress, id, sent, events } = open();
    egress.receive(data(id, EGRESS_WINDOW_BYTES));
    egress.receive(data(id, 1));
    expect(events).toEqual([`data ${EGRESS_WINDOW_BYTES}`, "failed"]);
    expect(sent).toEqual([{ kind: "egress-close", id }]);
    egress.receive(data(id, 1));
    expect(events).toHaveLength(2);
  });

  it("gives the window back in lots", () => {
    const { egress, tunnel, id, sent } = open();
    egress.receive(data(id, EGRESS_WINDOW_BYTES));
    tunnel.consumed(1);
    expect(sent).toEqual([]);
    tunnel.consumed(EGRESS_WINDOW_BYTES - 1);
    expect(sent).toEqual([{ kind: "egress-credit", id, count: EGRESS_WINDOW_BYTES }]);
    egress.receive(data(id, EGRESS_WINDOW_BYTES));
    expect(sent).toHaveLength(1);
  });

  it.each([
    ["data before the connection", [data(2, 1)]],
    ["a second connection", [{ kind: "egress-connected", id: 1 } as const]],
    ["data after the end", [{ kind: "egress-end", id: 1 } as const, data(1, 1)]],
    ["two ends", [{ kind: "egress-end", id: 1 } as const, { kind: "egress-end", id: 1 } as const]],
    ["a list of addresses", [{ kind: "egress-resolved", id: 1, addresses: [] } as const]],
  ])("closes the tunnel on %s", (_name, messages) => {
    const { egress, sent } = open();
    egress.power.connect("8.8.4.4", 443);
    sent.length = 0;
    for (const message of messages) egress.receive(message);
    expect(sent).toEqual([{ kind: "egress-close", id: messages[0]?.id }]);
  });

  it("ends a waiting write when the tunnel breaks, and refuses later ones", async () => {
    const { egress, tunnel, id, events } = open();
    const written = tunnel.write(new Uint8Array(EGRESS_WINDOW_BYTES + 1));
    egress.receive({ kind: "egress-error", id });
    expect(await written).toBe(false);
    expect(await tunnel.write(Uint8Array.of(1))).toBe(false);
    expect(events).toEqual(["failed"]);
  });

  it("fails lookups and tunnels when disposed", async () => {
    const { egress, tunnel, events } = open();
    const lookup = egress.power.resolve("a.b");
    const opening = egress.power.connect("8.8.4.4", 443);
    egress.dispose();
    expect(await lookup.untrustedAddresses).toBeUndefined();
    expect(await opening.opened).toBe(false);
    expect(await tunnel.write(Uint8Array.of(1))).toBe(false);
    expect(events).toEqual(["failed"]);
  });

  it("answers a lookup once, and not after it was cancelled", async () => {
    const sent: EgressFromEnclave[] = [];
    const egress = createEgress((message) => void sent.push(message));
    const first = egress.power.resolve("a.b");
    const second = egress.power.resolve("c.d");
    second.cancel();
    for (const id of [1, 2, 1])
      egress.receive({ kind: "egress-resolved", id, addresses: ["8.8.8.8"] });
    expect(await first.untrustedAddresses).toEqual(["8.8.8.8"]);
    expect(await second.untrustedAddresses).toBeUndefined();
    expect(sent.map(({ kind }) => kind)).toEqual([
      "egress-resolve",
      "egress-resolve",
      "egress-close",
    ]);
  });

  it("property: no sequence of messages makes it throw or take more than a window", () => {
    const id = fc.integer({ min: 0, max: 3 });
    const message: fc.Arbitrary<EgressToEnclave> = fc.oneof(
      fc.record({ kind: fc.constant("egress-connected" as const), id }),
      fc.record({ kind: fc.constant("egress-end" as const), id }),
      fc.record({ kind: fc.constant("egress-error" as const), id }),
      fc.record({ kind: fc.constant("egress-credit" as const), id, count: fc.nat(2 ** 20) }),
      fc.record({ kind: fc.constant("egress-resolved" as const), id, addresses: fc.constant([]) }),
      fc.record({
        kind: fc.constant("egress-data" as const),
        id,
        bytes: fc.nat(2 ** 17).map((n) => new Uint8Array(n)),
      }),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
        const egress = createEgress(() => {});
        egress.power.resolve("a.b");
        let taken = 0;
        egress.power.connect("8.8.8.8", 443).listen({
          data: (bytes) => void (taken += bytes.length),
          end: () => {},
          failed: () => {},
        });
        for (const each of messages) egress.receive(each);
        expect(taken).toBeLessThanOrEqual(EGRESS_WINDOW_BYTES);
      }),
    );
  });
});
