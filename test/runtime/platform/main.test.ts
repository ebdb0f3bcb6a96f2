/**
 * Goal: the real enclave process answers on its pipe, ends at nonsense and prints nothing it holds.
 */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { concat, utf8 } from "#protocol/bytes.ts";
import { parseToWorker } from "#protocol/enclave-to-worker.ts";
import { FrameReader, frameHeader } from "#protocol/frames.ts";
import { parseInfo } from "#protocol/info.ts";
import { FRAME_BYTES_MAX } from "#protocol/limits.ts";
import type { EnclaveToWorker, WorkerToEnclave } from "#protocol/messages.ts";
import { encodeToEnclave } from "#protocol/worker-to-enclave.ts";
import { enclaveArguments } from "#worker/enclave/flags.ts";
import { sha256 } from "#test/support/raw-client.ts";

const BUNDLE = join(import.meta.dirname, "../../../dist/enclave.mjs");
const CANARY = "canary-in-a-message";
const boot: WorkerToEnclave = {
  type: "boot",
  hardwareSecret: new Uint8Array(32).fill(7),
  config: { egressGrants: [], extraRoots: [], memoryPagesMax: 256 },
  logHeight: 0,
  rebuild: false,
};

describe("the enclave process", () => {
  let child: ChildProcessWithoutNullStreams;
  let printed: string;
  let messages: EnclaveToWorker[];
  let exited: Promise<number | null>;

  beforeEach(() => {
    child = spawn(process.execPath, enclaveArguments(BUNDLE), { env: {} });
    printed = "";
    messages = [];
    const reader = new FrameReader();
    child.stderr.on("data", (text: Buffer) => (printed += text.toString()));
    child.stdout.on("data", (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) messages.push(parseToWorker(frame));
    });
    exited = new Promise((resolve) => child.once("close", resolve));
  });

  afterEach(() => child.kill("SIGKILL"));

  function send(...frames: readonly Uint8Array[]): void {
    child.stdin.write(concat(frames.flatMap((frame) => [frameHeader(frame), frame])));
  }

  it("starts a cluster, says who it is, and ends with its input", async () => {
    send(
      ...[
        boot,
        { type: "restored", part: "snapshot" } as const,
        { type: "restored", part: "deltas" } as const,
        { type: "restored", part: "entries" } as const,
        { type: "info", id: 5 } as const,
      ].map(encodeToEnclave),
    );
    child.stdin.end();
    expect(await exited).toBe(0);
    expect(messages.map(({ type }) => type)).toEqual(["booted", "restoring", "ready", "info"]);
    const last = messages[3];
    if (last?.type !== "info") throw new Error("no info");
    const { evidence } = parseInfo(last.info);
    expect(evidence.measurement).toEqual(sha256(readFileSync(BUNDLE)));
    expect(printed).toBe("");
  });

  it.each([
    ["a message of no type", utf8(CANARY)],
    ["an empty frame", new Uint8Array(0)],
    ["a message with a field to spare", Uint8Array.of(0x92, 7, 1)],
  ])("ends at %s, and says no more than where", async (_, frame) => {
    send(encodeToEnclave(boot), frame);
    expect(await exited).toBe(70);
    expect(printed).toMatch(/^enclave stopped: internal error\n/);
    expect(printed).not.toContain(CANARY);
    expect(printed).not.toContain("MESSAGE_MALFORMED");
  });

  it("ends at a frame over the limit, before it is sent", async () => {
    const header = new Uint8Array(4);
    new DataView(header.buffer).setUint32(0, FRAME_BYTES_MAX + 1);
    child.stdin.write(header);
    expect(await exited).toBe(70);
  });

  it("stays up after a refusal, and repeats it", async () => {
    send(encodeToEnclave({ type: "snapshot" }), encodeToEnclave(boot));
    child.stdin.end();
    expect(await exited).toBe(0);
    expect(messages.map(({ type }) => type)).toEqual(["refused", "refused"]);
  });
});
