/**
 * Goal: no order of the worker process's messages, however they are batched, does more to the client
 * than fail one request.
 * Method: no worker process at all; its messages are made up and delivered in the same turn or later.
 * An error that nobody handles fails the run.
 *
 * @module
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHttp } from "#platform/http/http.ts";
import type { EgressFromEnclave, EgressToEnclave } from "#protocol/egress.ts";
import { httpErrors, type HttpResult } from "#protocol/http.ts";
import { EGRESS_CHUNK_BYTES_MAX } from "#protocol/limits.ts";
import { callerOf } from "#test/support/http-caller.ts";

type Reply = (message: EgressFromEnclave) => readonly EgressToEnclave[];

interface Script {
  readonly reply: Reply;
  /** Whether replies arrive while the enclave is still sending. */
  readonly atOnce: boolean;
}

async function fetchScripted({ reply, atOnce }: Script): Promise<HttpResult> {
  const deliver = (messages: readonly EgressToEnclave[]): void => {
    for (const each of messages) http.receive(each);
  };
  const http = createHttp({
    config: { egressGrants: ["127.0.0.1"], extraRoots: [] },
    deadlines: { totalMs: 60, stallMs: 30 },
    send: (message) => {
      const messages = reply(message);
      if (atOnce) deliver(messages);
      else setImmediate(deliver, messages);
    },
  });
  const request = { method: "GET", url: "https://a.b/", headers: [] };
  const [result] = await http.live(callerOf()).fetch([request]);
  http.dispose();
  return result as HttpResult;
}

function opening(id: number): EgressToEnclave[] {
  return [{ kind: "egress-connected", id }];
}

function answerTo(
  message: EgressFromEnclave,
  afterwards: (id: number) => EgressToEnclave[],
): EgressToEnclave[] {
  const { kind, id } = message;
  if (kind === "egress-resolve") return [{ kind: "egress-resolved", id, addresses: ["127.0.0.1"] }];
  return kind === "egress-connect" ? [...opening(id), ...afterwards(id)] : [];
}

describe("createHttp() with a made-up worker process", () => {
  it.each<[string, (id: number) => EgressToEnclave[], string]>([
    ["nothing", () => [], "timeout"],
    ["an error", (id) => [{ kind: "egress-error", id }], "tls"],
    ["the end", (id) => [{ kind: "egress-end", id }], "tls"],
    ["a second opening", (id) => opening(id), "tls"],
    ["garbage", (id) => [{ kind: "egress-data", id, bytes: new Uint8Array(100) }], "tls"],
    [
      "too much",
      (id) =>
        Array.from({ length: 5 }, () => ({
          kind: "egress-data",
          id,
          bytes: new Uint8Array(EGRESS_CHUNK_BYTES_MAX),
        })),
      "tls",
    ],
  ])("fails when %s follows the opening at once", async (_name, afterwards, error) => {
    for (const atOnce of [true, false]) {
      const reply: Reply = (message) => answerTo(message, afterwards);
      expect(await fetchScripted({ reply, atOnce })).toEqual({ error });
    }
  });

  it("property: any messages at any time end in an error of the table", async () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    const after = fc.oneof(
      fc
        .constantFrom<EgressToEnclave["kind"][]>("egress-connected", "egress-end", "egress-error")
        .map((kind) => ({ kind })),
      bytes.map((chunk) => ({ kind: "egress-data", bytes: chunk })),
      fc.constant({ kind: "egress-credit", count: 7 }),
      fc.constant({ kind: "egress-resolved", addresses: ["8.8.8.8"] }),
    );
    const scripts = fc.array(fc.array(after, { maxLength: 4 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(scripts, fc.boolean(), async (batches, atOnce) => {
        let turn = 0;
        const reply: Reply = (message) => {
          const batch = (batches[turn++] ?? []).map(
            (each) => ({ ...each, id: message.id }) as EgressToEnclave,
          );
          return [...answerTo(message, () => []), ...batch];
        };
        const result = await fetchScripted({ reply, atOnce });
        expect(httpErrors).toContain("error" in result ? result.error : result);
      }),
      { numRuns: 150 },
    );
  });
});
