import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LiveHttp } from "#host/http/power.ts";
import { recordHttp } from "#host/http/record.ts";
import { replayHttp } from "#host/http/replay.ts";
import {
  encodeTranscript,
  hashRequests,
  parseTranscript,
  type Transcript,
} from "#host/http/transcript.ts";
import { pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import { httpDetails, httpErrors, type HttpRequest, type HttpResult } from "#protocol/http.ts";
import {
  HTTP_REQUESTS_MAX,
  HTTP_RESPONSE_BODY_BYTES_MAX,
  HTTP_RETRIES_MAX,
} from "#protocol/limits.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

const header = fc.record({ name: fc.string({ maxLength: 8 }), value: fc.string({ maxLength: 8 }) });
const headers = fc.array(header, { maxLength: 3 });
const body = fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes));
const request: fc.Arbitrary<HttpRequest> = fc.record(
  { method: fc.string({ maxLength: 6 }), url: fc.string({ maxLength: 12 }), headers, body },
  { requiredKeys: ["method", "url", "headers"] },
);
const result: fc.Arbitrary<HttpResult> = fc.oneof(
  fc.record({ error: fc.constantFrom(...httpErrors) }),
  fc.record({ ok: fc.record({ status: fc.integer({ min: 0, max: 999 }), headers, body }) }),
);
const fetches = fc.array(fc.array(fc.tuple(request, result), { maxLength: 3 }), { maxLength: 4 });

const GET: HttpRequest = { method: "GET", url: "https://a.b/", headers: [] };
const OK: HttpResult = {
  ok: { status: 200, headers: [{ name: "x", value: "y" }], body: Uint8Array.of(1) },
};

function scripted(answers: readonly (readonly HttpResult[])[]): LiveHttp {
  const queue = [...answers];
  return { kind: "live", fetch: () => Promise.resolve(queue.shift() ?? []) };
}

async function record(
  script: readonly (readonly (readonly [HttpRequest, HttpResult])[])[],
): Promise<Transcript> {
  const recording = recordHttp(sha256);
  const power = recording.over(scripted(script.map((pairs) => pairs.map(([, each]) => each))));
  for (const pairs of script) await power.fetch(pairs.map(([each]) => each));
  return recording.transcript();
}

describe("recordHttp() and replayHttp()", () => {
  it("says how much it holds of what was answered", async () => {
    const recording = recordHttp(sha256);
    const power = recording.over(scripted([[OK], [OK]]));
    expect(recording.heldBytes).toBe(0);
    await power.fetch([GET]);
    const once = recording.heldBytes;
    expect(once).toBeGreaterThanOrEqual(3);
    await power.fetch([GET]);
    expect(recording.heldBytes).toBe(2 * once);
  });

  it("property: a replay gives exactly what the live run was given, through the byte form", async () => {
    await fc.assert(
      fc.asyncProperty(fetches, async (script) => {
        const bytes = encodeTranscript(await record(script));
        const replay = replayHttp(parseTranscript(bytes).transcript, sha256);
        for (const pairs of script) {
          const results = replay.power.next(pairs.map(([each]) => each));
          expect(results).toEqual(pairs.map(([, each]) => each));
        }
        replay.assertConsumed();
      }),
    );
  });

  it("property: any other request is a mismatch", async () => {
    await fc.assert(
      fc.asyncProperty(request, request, async (asked, other) => {
        fc.pre(JSON.stringify(asked) !== JSON.stringify(other));
        const replay = replayHttp(await record([[[asked, OK]]]), sha256);
        expect(() => replay.power.next([other])).toThrow(Fault);
        expect(replay.power.next([asked])).toEqual([OK]);
      }),
    );
  });

  it("keeps no byte of a request", async () => {
    const secret = "hunter2-canary";
    const asked = {
      ...GET,
      headers: [{ name: "authorization", value: secret }],
      url: `https://a.b/${secret}`,
      body: Buffer.from(secret),
    };
    const bytes = encodeTranscript(await record([[[asked, OK]]]));
    expect(Buffer.from(bytes).includes(secret)).toBe(false);
  });

  it.each<[string, (transcript: Transcript) => void]>([
    [
      "a request more",
      (transcript) => {
        const { power } = replayHttp(transcript, sha256);
        power.next([GET]);
        power.next([GET]);
      },
    ],
    ["a request fewer", (transcript) => replayHttp(transcript, sha256).assertConsumed()],
    [
      "two at once instead of one",
      (transcript) => void replayHttp(transcript, sha256).power.next([GET, GET]),
    ],
    ["none instead of one", (transcript) => void replayHttp(transcript, sha256).power.next([])],
  ])("refuses %s", async (_name, run) => {
    const transcript = await record([[[GET, OK]]]);
    expect(() => run(transcript)).toThrow("HTTP_REPLAY_MISMATCH");
  });

  it("refuses a transcript with fewer results than requests", () => {
    const transcript = [{ requestsHash: hashRequests([GET, GET], sha256), results: [OK] }];
    const { power } = replayHttp(transcript, sha256);
    expect(() => power.next([GET, GET])).toThrow("HTTP_REPLAY_MISMATCH");
  });

  it("tells a body from a header and one request from two", () => {
    const hash = (...requests: HttpRequest[]): string => hashRequests(requests, sha256).toHex();
    const moved = new Set([
      hash(GET),
      hash(GET, GET),
      hash({ ...GET, body: new Uint8Array(0) }),
      hash({ ...GET, headers: [{ name: "a", value: "b" }] }),
      hash({ ...GET, headers: [{ name: "ab", value: "" }] }),
      hash({ ...GET, headers: [{ name: "a", value: "b" }], body: new Uint8Array(0) }),
      hash({ ...GET, method: "GETh", url: "ttps://a.b/" }),
    ]);
    expect(moved.size).toBe(7);
  });

  it("holds the quota in replay as in the live run", () => {
    const { power } = replayHttp([], sha256);
    const many = Array.from({ length: HTTP_REQUESTS_MAX + 1 }, () => GET);
    expect(() => power.next(many)).toThrow("HTTP_LIMIT");
  });

  it("gives the contract an error where the transcript would outgrow a log entry", async () => {
    const large: HttpResult = {
      ok: { status: 200, headers: [], body: new Uint8Array(HTTP_RESPONSE_BODY_BYTES_MAX) },
    };
    const recording = recordHttp(sha256);
    const one = recording.over(scripted([[large, large, large]]));
    const other = recording.over(scripted([[large, large, OK]]));
    expect(await one.fetch([GET, GET, GET])).toEqual([large, large, large]);
    const second = await other.fetch([GET, GET, GET]);
    expect(second).toEqual([large, { error: "too-large" }, { error: "too-large" }]);
    expect(recording.transcript()[1]?.results).toEqual(second);
  });

  it("passes a fault of the live power on and records nothing for it", async () => {
    const fault = new Fault("HTTP_LIMIT");
    const recording = recordHttp(sha256);
    const power = recording.over({ kind: "live", fetch: () => Promise.reject(fault) });
    await expect(power.fetch([GET])).rejects.toBe(fault);
    expect(recording.transcript()).toEqual([]);
  });
});

describe("parseTranscript()", () => {
  const hash = new Uint8Array(32);

  it.each<[string, unknown]>([
    ["no array", 1],
    ["no version", [0, []]],
    ["a later version", [3, []]],
    ["a missing list", [2]],
    ["no number of retries", [2, []]],
    ["too many retries", [2, [], HTTP_RETRIES_MAX + 1]],
    ["one field too many", [2, [], 0, 0]],
    ["a short hash", [2, [[new Uint8Array(31), []]], 0]],
    ["an unknown error", [2, [[hash, [[0, httpErrors.length, 0]]]], 0]],
    ["a status of four digits", [2, [[hash, [[1, 1_000, [], hash]]]], 0]],
    ["a negative status", [2, [[hash, [[1, -1, [], hash]]]], 0]],
    ["an unknown kind of result", [2, [[hash, [[2, 0]]]], 0]],
    ["a fraction", [2, [[hash, [[1, 1.5, [], hash]]]], 0]],
    ["an unknown detail", [2, [[hash, [[0, 0, httpDetails.length]]]], 0]],
    ["an error without a detail", [2, [[hash, [[0, 0]]]], 0]],
    ["an error with a body", [2, [[hash, [[0, 0, 0, hash]]]], 0]],
    ["a response without a body", [2, [[hash, [[1, 200, []]]]], 0]],
    ["a header without value", [2, [[hash, [[1, 200, [["x"]], hash]]]], 0]],
    ["too many exchanges", [2, Array.from({ length: HTTP_REQUESTS_MAX + 1 }, () => [hash, []]), 0]],
    ["a map", [2, { length: 0 }, 0]],
    [
      "a body that is too large",
      [2, [[hash, [[1, 200, [], new Uint8Array(HTTP_RESPONSE_BODY_BYTES_MAX + 1)]]]], 0],
    ],
  ])("refuses %s", (_name, value) => {
    expect(() => parseTranscript(pack(value))).toThrow("LOG_ENTRY_BROKEN");
  });

  it("reads what the first version wrote, whose errors had no detail", () => {
    const first = [
      1,
      [
        [
          hash,
          [
            [0, 4],
            [1, 200, [], Uint8Array.of(7)],
          ],
        ],
      ],
    ];
    const results = [
      { error: "timeout" },
      { ok: { status: 200, headers: [], body: Uint8Array.of(7) } },
    ];
    expect(parseTranscript(pack(first))).toEqual({
      transcript: [{ requestsHash: hash, results }],
      retries: 0,
    });
    expect(() => parseTranscript(pack([1, [[hash, [[0, 4, 0]]]]]))).toThrow("LOG_ENTRY_BROKEN");
  });

  it("property: any bytes, and any damage to good ones, parse or are LOG_ENTRY_BROKEN", async () => {
    const good = encodeTranscript(
      await record([[[GET, OK]], [[GET, { error: "denied", detail: "pin" }]]]),
    );
    const damaged = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
      const copy = new Uint8Array(good);
      copy[at] = byte;
      return copy;
    });
    const cut = fc.nat(good.length - 1).map((length) => good.subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged, cut), (bytes) => {
        try {
          parseTranscript(bytes);
        } catch (error) {
          expect((error as Fault).code).toBe("LOG_ENTRY_BROKEN");
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
