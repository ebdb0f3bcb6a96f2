/**
 * Calls in hostile hands: envelopes and entries replayed, reordered, rewritten and made of noise.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { concat, framed, u64, utf8 } from "#protocol/bytes.ts";
import { encodeEnvelopeHeader, parseEnvelope } from "#protocol/envelope.ts";
import { parseToWorker } from "#protocol/enclave-to-worker.ts";
import { ENVELOPE_BYTES_MAX } from "#protocol/limits.ts";
import { pad } from "#protocol/padding.ts";
import { reportData } from "#crypto/statements.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { Operator } from "#test/support/operator.ts";
import {
  call,
  deployment,
  ending,
  openSession,
  type RawClient,
  replyOf,
} from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { startWith } from "#test/support/started.ts";
import { args, told } from "#test/support/values.ts";
import { processorTime } from "#test/support/processor-time.ts";

const CLEAR =
  /^(ENVELOPE_(UNOPENED|MALFORMED|CLUSTER|EPOCH|KIND)|SESSION_(UNKNOWN|KEY|REPLAYED|SEQUENCE_OLD|CERTIFICATE))$/;

describe("calls", () => {
  let operator: Operator;
  let ann: RawClient;
  let probe: Uint8Array;

  beforeAll(async () => {
    ({ operator, ann, contract: probe } = await startWith("probe"));
  });

  const total = async (): Promise<unknown> => told(await ann.query(probe, "peek"));
  const command = (method: string, given: Uint8Array): Uint8Array =>
    ann.envelope("command", probe, call(method, given));

  it("43: a command is refused by every enclave of its cluster once it is in the log, and by all others", async () => {
    const envelope = command("add", args(1));
    expect(ending(await ann.submit(envelope))).toBe("returned");
    expect(ending(await ann.submit(envelope))).toBe("SESSION_REPLAYED");
    const copy = new Operator({ disk: operator.copyDisk() }).start();
    expect(await copy.request(envelope)).toMatchObject({ code: "SESSION_REPLAYED" });
    const rebuilt = new Operator({ disk: operator.copyDisk() }).start({ rebuild: true });
    expect(await rebuilt.request(envelope)).toMatchObject({ code: "SESSION_REPLAYED" });
    const stranger = new Operator().start();
    expect(await stranger.request(envelope)).toMatchObject({ code: "ENVELOPE_CLUSTER" });
  });

  it("44: property: whatever order, repetition and loss, each command executes at most once", async () => {
    const order = fc.array(fc.nat(5), { maxLength: 15 });
    const property = fc.asyncProperty(order, async (picks) => {
      const before = Number(await total());
      const entries: Uint8Array[] = [];
      for (let bit = 0; bit < 6; bit++) {
        const decision = await operator.request(command("add", args(2 ** bit)));
        if (decision.kind === "admitted") entries.push(decision.entry);
      }
      for (const pick of picks) operator.append(entries[pick] as Uint8Array);
      const expected = [...new Set(picks)].reduce((sum, pick) => sum + 2 ** pick, 0);
      expect(await total()).toBe(before + expected);
    });
    await fc.assert(property, { numRuns: 15 });
  });

  it("45: every kind of envelope opens with the key of its kind alone", async () => {
    const { queryRequest, queryReply, commandRequest, commandReply } = ann.keys;
    for (const kind of ["query", "command"] as const) {
      for (const key of [queryRequest, queryReply, commandRequest, commandReply]) {
        const own = kind === "query" ? queryRequest : commandRequest;
        if (key === own) continue;
        const envelope = ann.envelope(kind, probe, call("peek"), { key });
        expect(ending(await ann.submit(envelope))).toBe("ENVELOPE_UNOPENED");
      }
    }
  });

  it("46: keys of low order and of the wrong length open no session", async () => {
    const { envelope } = openSession(operator.info(), new Uint8Array(32).fill(2));
    for (const point of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))]) {
      const changed = envelope.slice();
      changed.set(point, 94);
      expect(await operator.request(changed)).toMatchObject({
        kind: "rejected",
        code: "SESSION_KEY",
      });
    }
    const cut = concat([envelope.slice(0, 94), new Uint8Array(28)]);
    expect(await operator.request(cut)).toMatchObject({ code: "ENVELOPE_MALFORMED" });
  });

  it("47: ten thousand random and flipped envelopes are refused in the clear, and none enters the log", async () => {
    const samples = [
      command("add", args(1)),
      openSession(operator.info(), new Uint8Array(32).fill(2)).envelope,
    ];
    const before = operator.height;
    const random = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.tuple(fc.nat(1), fc.nat(), fc.nat(7)).map(([which, at, bit]) => {
        const bytes = (samples[which] as Uint8Array).slice();
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
        return bytes;
      }),
    );
    const property = fc.asyncProperty(random, async (envelope) => {
      const decision = await operator.request(envelope);
      expect(decision.kind === "rejected" && decision.code).toMatch(CLEAR);
    });
    await fc.assert(property, { numRuns: 10_000 });
    expect(operator.height).toBe(before);
  }, 60_000);

  it("48: other epochs, versions and lengths are refused, and so are bodies with fields to spare", async () => {
    const header = { epoch: 2 };
    expect(
      ending(await ann.submit(ann.envelope("command", probe, call("add", args(1)), { header }))),
    ).toBe("ENVELOPE_EPOCH");
    const bodies = [
      [0x95, 0x00, 0xa3, ...utf8("add"), 0xc4, 0x01, 0x90, 0x01, 0x01],
      [0x81, 0x00, 0x00],
      [0x94, 0x02, 0xa3, ...utf8("add"), 0xc4, 0x01, 0x90, 0x01],
      [],
    ];
    for (const body of bodies) {
      const envelope = ann.envelope("command", probe, pad(Uint8Array.from(body)));
      expect(ending(await ann.submit(envelope))).toBe("ENVELOPE_MALFORMED");
    }
  });

  it.each([1, 2, 16, 1024 * 1024])(
    "48: an envelope %i bytes too long is refused, by an enclave that goes on",
    async (by) => {
      const bytes = ENVELOPE_BYTES_MAX + by;
      expect(await operator.request(new Uint8Array(bytes))).toMatchObject({
        code: "ENVELOPE_TOO_LARGE",
        facts: { bytes, limit: ENVELOPE_BYTES_MAX },
      });
      expect(ending(await ann.query(probe, "peek"))).toBe("returned");
    },
  );

  it("49: an envelope's header has one byte form, and numbers beyond 2^53 have none", () => {
    const envelope = command("add", args(1));
    const { header, aad } = parseEnvelope(envelope);
    expect(encodeEnvelopeHeader(header)).toEqual(aad);
    envelope.set([0xff, ...u64(0).slice(1)], 54);
    expect(() => parseEnvelope(envelope)).toThrow("ENVELOPE_MALFORMED");
  });

  it("50: deep, long and poisoned bodies and arguments are refused at once", async () => {
    const hostile = [
      new Uint8Array(100_000).fill(0x91),
      Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff),
      Uint8Array.of(0xdb, 0xff, 0xff, 0xff, 0xff),
      concat([Uint8Array.of(0xdd, 0x00, 0x0f, 0x42, 0x40), new Uint8Array(1_000_000)]),
      Uint8Array.of(0x81, 0xa9, ...utf8("__proto__"), 0x81, 0xa1, 0x61, 0x01),
    ];
    const usedMs = processorTime();
    for (const bytes of hostile) {
      const body = ann.envelope("command", probe, pad(bytes));
      expect(ending(await ann.submit(body))).toBe("ENVELOPE_MALFORMED");
      expect(ending(await ann.query(probe, "noteAt", bytes))).toMatch(
        /^(ARGUMENTS_MALFORMED|OUT_OF_GAS)$/,
      );
    }
    expect(usedMs()).toBeLessThan(10_000);
    expect(({} as { a?: unknown }).a).toBe(undefined);
  });

  it("51: property: pairs of secrets of one length give the operator the same sizes, in the same order", async () => {
    // The operator counts heights and requests itself: from 256 to 65,535 their numbers are of one length.
    while (operator.height < 256) await ann.command(probe, "add", args(1));
    const secret = fc.uint8Array({ minLength: 30, maxLength: 30 });
    const view = async (bytes: Uint8Array): Promise<string[]> => {
      const before = operator.frames.length;
      expect(ending(await ann.command(probe, "keep", args(bytes)))).toBe("returned");
      expect(ending(await ann.query(probe, "noteAt", args(0)))).toBe("returned");
      const frames = operator.frames.slice(before);
      return frames.map((frame) => `${parseToWorker(frame).type} ${frame.length}`);
    };
    const property = fc.asyncProperty(secret, secret, async (one, other) => {
      expect(await view(one)).toEqual(await view(other));
    });
    await fc.assert(property, { numRuns: 20 });
  });

  it("52: a command cannot be tried out: it is in the log or it has not run", async () => {
    const before = await total();
    expect(ending(await ann.query(probe, "addAtMost", args(1, 10_000)))).toBe("METHOD_UNKNOWN");
    const height = operator.height;
    const decision = await operator.request(command("addAtMost", args(1, 10_000)));
    expect(decision.kind).toBe("admitted");
    expect(operator.height).toBe(height);
    expect(await total()).toBe(before);
  });

  it("53: no text leaves in the clear: a refusal is a number and numbers, a panic is sealed", async () => {
    const at = operator.frames.length;
    const panic = replyOf(await ann.command(probe, "stop", args(0))).outcome;
    expect(panic.kind === "fault" && panic.panic?.text).toBe("stopped");
    for (const bytes of [utf8("noise"), command("add", args(1)).fill(7, 100)])
      await ann.submit(bytes);
    expect(ending(await ann.deploy(utf8("no component")))).toMatch(/^(MODULE|COMPONENT)_/);
    for (const frame of operator.frames.slice(at)) {
      expect(Buffer.from(frame).includes("stopped")).toBe(false);
      expect(Buffer.from(frame).includes("probe.ts")).toBe(false);
      const message = parseToWorker(frame);
      if (message.type !== "rejected") continue;
      for (const value of Object.values(message.facts)) expect(value).toBeTypeOf("number");
    }
  });

  it("54: a session sealed to the operator's own key is nothing to the enclave, and its evidence names another", async () => {
    const info = operator.info();
    const clusterKey = nodePrimitives.x25519PublicKey(new Uint8Array(32).fill(9));
    const { envelope } = openSession(info, new Uint8Array(32).fill(2), { clusterKey });
    expect(await operator.request(envelope)).toMatchObject({ code: "ENVELOPE_UNOPENED" });
    expect(reportData(nodePrimitives, info)).toEqual(info.evidence.reportData);
    for (const lie of [
      { clusterKey },
      { workerKey: clusterKey },
      { bootEpoch: 99 },
      { epoch: 2 },
    ]) {
      expect(reportData(nodePrimitives, { ...info, ...lie })).not.toEqual(info.evidence.reportData);
    }
  });

  it("43: a deployment sent again deploys nothing", async () => {
    const body = deployment(await fixture("probe"), { method: "open", salt: framed("again") });
    const envelope = ann.envelope("command", new Uint8Array(32), body);
    expect(ending(await ann.submit(envelope))).toBe("returned");
    expect(ending(await ann.submit(envelope))).toBe("SESSION_REPLAYED");
  });
});
