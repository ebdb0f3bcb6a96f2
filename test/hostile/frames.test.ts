/**
 * Goal: whatever an operator writes into the pipe of a running enclave, its process goes on, or ends with a
 * diagnosis that holds no text of its own; it never waits for ever, and what is durable serves again.
 * Method: the built bundle under its permission flags, its start-up conversation damaged in every way, and
 * a serving one that is sent well-formed messages with hostile contents.
 *
 * @module
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { concat, u32 } from "#protocol/bytes.ts";
import { FRAME_BYTES_MAX, MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import type { WorkerToEnclave } from "#protocol/messages.ts";
import { type EndedEnclave, framed, RawEnclave } from "#test/support/raw-enclave.ts";

/** Exit code of an enclave that stops itself (sysexits.h EX_SOFTWARE). */
const EXIT_SOFTWARE = 70;
const INFO_ID = 1_000_000;
const hardwareSecret = new Uint8Array(32).fill(7);
const config = { egressGrants: [], extraRoots: [], memoryPagesMax: MEMORY_PAGES_MAX };

/** What lies on the disk: entries of the log, and what was sealed when each of them was executed. */
interface Durable {
  readonly sealedCluster: Uint8Array | undefined;
  readonly entries: readonly Uint8Array[];
  readonly deltas: readonly Uint8Array[];
}

const nothing: Durable = { sealedCluster: undefined, entries: [], deltas: [] };
/** Enough for a new process to be ready at height 1, and the conversation that makes it so. */
let durable: Durable;
let stream: Uint8Array;

function startOf({ sealedCluster, entries, deltas }: Durable): Uint8Array {
  const logHeight = entries.length;
  const boot = { type: "boot", hardwareSecret, config, logHeight, rebuild: false } as const;
  const messages: readonly WorkerToEnclave[] = [
    sealedCluster === undefined ? boot : { ...boot, sealedCluster },
    { type: "restored", part: "snapshot" },
    ...deltas.map((sealed) => ({ type: "delta", sealed }) as const),
    { type: "restored", part: "deltas" },
    ...(logHeight === 0 ? [] : [{ type: "entries", firstHeight: 1, entries } as const]),
    { type: "restored", part: "entries" },
  ];
  return concat(messages.map(framed));
}

/** An enclave that serves, one entry after `before`, and what is durable then. */
async function serving(before: Durable): Promise<{ enclave: RawEnclave; after: Durable }> {
  const enclave = new RawEnclave();
  enclave.write(startOf(before));
  const { sealedCluster = before.sealedCluster } = await enclave.said("booted");
  const { height, entry } = await enclave.said("ready");
  expect(height).toBe(before.entries.length);
  enclave.write(framed({ type: "execute", firstHeight: height + 1, entries: [entry] }));
  const { delta } = await enclave.said("executed", (executed) => executed.height === height + 1);
  const after = {
    sealedCluster,
    entries: [...before.entries, entry],
    deltas: [...before.deltas, delta],
  };
  return { enclave, after };
}

beforeAll(async () => {
  const { enclave, after } = await serving(nothing);
  expect((await enclave.end()).status).toBe(0);
  durable = after;
  stream = startOf(durable);
});

/** Writes the bytes as all that ever comes. */
async function fed(bytes: Uint8Array): Promise<EndedEnclave> {
  const enclave = new RawEnclave();
  enclave.write(bytes);
  return await enclave.end();
}

/** It ended by itself, with nothing said or with where it stopped, and was ready at no other height. */
function expectOrderly({ status, signal, words, messages }: EndedEnclave): void {
  expect({ status, signal }).toEqual({ status: words === "" ? 0 : EXIT_SOFTWARE, signal: null });
  const [first = "", ...places] = words.trimEnd().split("\n");
  expect(first).toMatch(/^$|^enclave stopped: internal error$/);
  for (const place of places) expect(place).toMatch(/^\s+at /);
  const ready = messages.find(({ type }) => type === "ready");
  if (ready !== undefined) expect(ready).toMatchObject({ height: 1 });
}

describe("87: frames of a start", () => {
  const flipped = (bit: number): Uint8Array => {
    const bytes = stream.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    return bytes;
  };

  it("that are cut anywhere end it as their end does", async () => {
    for (const part of [0, 3, 5, stream.length >> 1, stream.length - 1]) {
      const ended = await fed(stream.subarray(0, part));
      expectOrderly(ended);
      expect(ended.status).toBe(0);
      expect(ended.messages.some(({ type }) => type === "ready")).toBe(false);
    }
  });

  it.each([
    ["one byte over the limit", FRAME_BYTES_MAX + 1],
    ["as long as can be said", 0xffff_ffff],
  ])("that are %s stop it before they come", async (_name, length) => {
    const enclave = new RawEnclave();
    enclave.write(concat([u32(length), new Uint8Array(64)]));
    // Its input stays open: it must not wait for the rest.
    const ended = await enclave.ended;
    expectOrderly(ended);
    expect(ended.status).toBe(EXIT_SOFTWARE);
  });

  it("with one bit flipped are refused, stop it or change nothing", async () => {
    const bits = fc.sample(fc.nat(8 * stream.length - 1), 8);
    for (const bit of bits) expectOrderly(await fed(flipped(bit)));
  });

  it("of random bytes stop it, or are waited for until the input ends", async () => {
    for (const bytes of fc.sample(fc.uint8Array({ minLength: 1, maxLength: 4_096 }), 3)) {
      expectOrderly(await fed(bytes));
      // As a frame of the right length, too.
      expect(await fed(concat([u32(bytes.length), bytes]))).toMatchObject({
        status: EXIT_SOFTWARE,
      });
    }
  });
});

describe("87: frames for a serving enclave", () => {
  it("are answered one by one, whatever bytes they bring", async () => {
    const { enclave } = await serving(durable);
    const envelopes = fc.sample(fc.uint8Array({ maxLength: 600 }), 200);
    for (const [id, envelope] of envelopes.entries()) {
      enclave.write(framed({ type: "request", id, envelope }));
      enclave.write(framed({ type: "cancel", id: id + 7 }));
    }
    enclave.write(framed({ type: "info", id: INFO_ID }));
    const { status, words, messages } = await enclave.end();
    expect({ status, words }).toEqual({ status: 0, words: "" });
    const rejected = messages.flatMap((each) => (each.type === "rejected" ? [each.id] : []));
    expect(rejected.toSorted((a, b) => a - b)).toEqual(envelopes.map((_, id) => id));
    expect(messages.at(-1)).toMatchObject({ type: "info", id: INFO_ID });
  });

  it("that are none stop it, and a new one is ready with the same state", async () => {
    const { enclave, after } = await serving(durable);
    enclave.write(concat([u32(5), new Uint8Array([0xc1, 1, 2, 3, 4])]));
    const ended = await enclave.ended;
    expectOrderly(ended);
    expect(ended.status).toBe(EXIT_SOFTWARE);
    // The deltas are checked against the log, so nothing is served but the state that was.
    const next = await serving(after);
    expect((await next.enclave.end()).status).toBe(0);
  });
});
