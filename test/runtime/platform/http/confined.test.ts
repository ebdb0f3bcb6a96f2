/**
 * Goal: TLS and HTTP inside a process that may read one file and nothing else.
 * Method: bundle the real code, start it with the enclave's own flags and an empty environment, carry
 * its tunnel over standard input and output to a real server.
 *
 * @module
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unpack } from "#protocol/codec.ts";
import { encodeEgressToEnclave, parseEgressFromEnclave } from "#protocol/egress.ts";
import { FrameReader, frameHeader } from "#protocol/frames.ts";
import type { ConfinedOrder, ConfinedOutcome } from "#test/support/confined-http.ts";
import { startHttpsServer } from "#sdk/testing/https/server.ts";
import { bundleEnclave } from "#worker/bundle/enclave.ts";
import { createEgress } from "#worker/egress/egress.ts";

const ROOT = join(import.meta.dirname, "../../../..");

describe("http in a confined process", () => {
  let directory: string;
  let bundle: string;

  beforeAll(async () => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), "hermetic-http-")));
    bundle = join(directory, "confined-http.mjs");
    writeFileSync(bundle, (await bundleEnclave(ROOT, "test/support/confined-http.ts")).code);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("completes an exchange of 1 MiB with no network, no files and no environment", async () => {
    const body = Buffer.alloc(1024 * 1024, "confidential ");
    await using server = await startHttpsServer((_request, response) => response.end(body));
    const order = { url: server.origin, grants: ["127.0.0.1"], roots: [server.root] };
    const { result, confined, environment } = await runConfined(bundle, order);
    expect(confined).toBe(true);
    expect(environment).toEqual([]);
    if ("error" in result) throw new Error(result.error);
    expect(body.equals(result.ok.body)).toBe(true);
  });
});

async function runConfined(bundle: string, order: ConfinedOrder): Promise<ConfinedOutcome> {
  const child = spawn(
    process.execPath,
    [
      "--permission",
      `--allow-fs-read=${bundle}`,
      "--no-experimental-sqlite",
      "--disallow-code-generation-from-strings",
      bundle,
    ],
    { env: {}, stdio: ["pipe", "pipe", "inherit"] },
  );
  const send = (bytes: Uint8Array): void => {
    child.stdin.write(frameHeader(bytes));
    child.stdin.write(bytes);
  };
  const egress = createEgress((message) => send(encodeEgressToEnclave(message)));
  send(serialize(order));
  try {
    return await outcomeOf(child, (bytes) => egress.receive(parseEgressFromEnclave(bytes)));
  } finally {
    egress.dispose();
    child.kill();
  }
}

function outcomeOf(
  child: ChildProcess,
  carry: (bytes: Uint8Array) => void,
): Promise<ConfinedOutcome> {
  return new Promise((resolve, reject) => {
    const frames = new FrameReader();
    child.once("exit", (code) => reject(new Error(`The process ended with ${code}.`)));
    child.stdout?.on("data", (chunk: Uint8Array) => {
      for (const frame of frames.push(chunk)) {
        const [tag, bytes] = unpack(frame) as ["egress" | "outcome", Uint8Array];
        if (tag === "egress") carry(bytes);
        else resolve(deserialize(bytes) as ConfinedOutcome);
      }
    });
  });
}
