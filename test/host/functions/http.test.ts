/**
 * HTTP from a contract: the record layout both ways, limits, suspension, and equal gas live and replayed.
 */
import { describe, expect, it, vi } from "vitest";
import { Fault } from "#protocol/fault.ts";
import type { HttpRequest, HttpResult } from "#protocol/http.ts";
import { HTTP_HEADERS_MAX, HTTP_REQUESTS_MAX } from "#protocol/limits.ts";
import { runCall, runCallAsync } from "#host/functions/call.ts";
import type { CallEnvironment } from "#host/functions/environment.ts";
import type { AdmitOptions, AdmittedModule } from "#host/vm/admit.ts";
import {
  admitContract,
  ending,
  environment,
  GAS,
  RESULT,
  word,
  type ContractParts,
} from "#test/support/contract.ts";
import { add, call, constant, get, i32, loop, br, type Code } from "#test/support/wasm.ts";

/** Where a request record, its texts, its header and its body lie. */
const REQUEST = 128;
const TEXT = 256;
const HEADER = 320;
const BODY = 352;
const ALLOCATED = 4096;

/** A bump allocator in global 0, aligned to eight. */
const bump: Code = [
  ...[0x23, 0],
  ...[0x23, 0, ...get(3), add, ...constant(7), add, ...constant(-8), 0x71, 0x24, 0],
];

function text(address: number, value: string): number[] {
  return [...value].flatMap((letter, index) => [
    ...constant(address + 2 * index),
    ...constant(letter.charCodeAt(0)),
    ...[0x3b, 1, 0],
  ]);
}

/** Writes one request: POST to a URL with one header and a body of two bytes. */
const request: Code = [
  ...text(TEXT, "POSThttps://a.example/x-kv1"),
  ...word(REQUEST, TEXT),
  ...word(REQUEST + 4, 4),
  ...word(REQUEST + 8, TEXT + 8),
  ...word(REQUEST + 12, 18),
  ...word(REQUEST + 16, HEADER),
  ...word(REQUEST + 20, 1),
  ...word(REQUEST + 24, 1),
  ...word(REQUEST + 28, BODY),
  ...word(REQUEST + 32, 2),
  ...word(HEADER, TEXT + 44),
  ...word(HEADER + 4, 3),
  ...word(HEADER + 8, TEXT + 50),
  ...word(HEADER + 12, 2),
  ...word(BODY, 0x0201),
];
const fetchOne: Code = [...constant(REQUEST), ...constant(1), ...constant(RESULT), ...call(0)];

function contract(
  command: Code,
  parts: ContractParts = {},
  options: AdmitOptions = {},
): AdmittedModule {
  const globals = [[i32, 1, ...constant(ALLOCATED), 0x0b]];
  const imports = ["http.fetch"] as const;
  return admitContract({ imports, globals, realloc: bump, command, ...parts }, options);
}

/** The same, for calls that wait. */
function waitingContract(command: Code, parts: ContractParts = {}): AdmittedModule {
  return contract(command, parts, { isResumable: true });
}

/** Returns the body of the first response: pointer and length stand at 16 and 20 of its record. */
const firstBody: Code = [
  ...[...constant(RESULT), ...constant(ALLOCATED + 16), 0x28, 2, 0, 0x36, 2, 0],
  ...[...constant(RESULT + 4), ...constant(ALLOCATED + 20), 0x28, 2, 0, 0x36, 2, 0],
  ...constant(RESULT),
];

const response: HttpResult = {
  ok: { status: 201, headers: [{ name: "a", value: "bc" }], body: Uint8Array.of(9, 8, 7) },
};
const asked = { method: "", args: new Uint8Array(0), gasLimit: GAS };

function replay(results: readonly HttpResult[], seen: HttpRequest[][] = []): CallEnvironment {
  const next = (requests: readonly HttpRequest[]): readonly HttpResult[] => {
    seen.push([...requests]);
    return results;
  };
  return environment({ http: { kind: "replay", next } });
}

function live(
  fetch: (requests: readonly HttpRequest[]) => Promise<readonly HttpResult[]>,
): CallEnvironment {
  return environment({ http: { kind: "live", fetch } });
}

describe("http.fetch", () => {
  const admitted = contract([...request, ...fetchOne, ...firstBody]);
  const suspended = waitingContract([...request, ...fetchOne, ...firstBody]);

  it("reads a request as the contract wrote it", () => {
    const seen: HttpRequest[][] = [];
    runCall(admitted, asked, replay([response], seen));
    const headers = [{ name: "x-k", value: "v1" }];
    const body = Uint8Array.of(1, 2);
    expect(seen).toEqual([[{ method: "POST", url: "https://a.example/", headers, body }]]);
  });

  it("writes a response as the contract reads it", () => {
    expect(runCall(admitted, asked, replay([response])).end).toEqual({
      kind: "returned",
      value: Uint8Array.of(9, 8, 7),
    });
  });

  it("writes an error as the number of its enum case", () => {
    const errorCase = [
      ...request,
      ...fetchOne,
      ...word(RESULT, ALLOCATED),
      ...word(RESULT + 4, 5),
      ...constant(RESULT),
    ];
    const outcome = runCall(contract(errorCase), asked, replay([{ error: "timeout" }]));
    expect(outcome.end).toEqual({ kind: "returned", value: Uint8Array.of(1, 0, 0, 0, 4) });
  });

  it("costs the same gas and gives the same outcome live and replayed", async () => {
    const waiting = live(async () => {
      await Promise.resolve();
      return [response];
    });
    expect(await runCallAsync(suspended, asked, waiting)).toEqual(
      runCall(admitted, asked, replay([response])),
    );
  });

  it("keeps its memory to itself while it waits, and until its stack is over", async () => {
    // Counts in a byte of its memory, waits, counts again and shows the byte.
    const count: Code = [
      ...[...constant(600), ...constant(600), 0x2d, 0, 0],
      ...[...constant(1), add, 0x3a, 0, 0],
    ];
    const shown: Code = [...word(RESULT, 600), ...word(RESULT + 4, 1), ...constant(RESULT)];
    const counts = waitingContract([...count, ...request, ...fetchOne, ...count, ...shown]);
    const answers: ((results: HttpResult[]) => void)[] = [];
    const waiting = live(() => new Promise((resolve) => void answers.push(resolve)));
    const calls = [1, 2, 3].map(() => runCallAsync(counts, asked, waiting));
    await vi.waitFor(() => expect(answers).toHaveLength(3));
    answers[1]?.([response]);
    const ends = [await calls[1]];
    const late = runCallAsync(counts, asked, waiting);
    await vi.waitFor(() => expect(answers).toHaveLength(4));
    for (const answer of answers) answer([response]);
    ends.push(...(await Promise.all([...calls, late])));
    for (const call of ends) {
      expect(call?.end).toEqual({ kind: "returned", value: Uint8Array.of(2) });
    }
  });

  it("pays for requests before they leave, and for responses by their bytes", () => {
    const gas = (size: number): number =>
      runCall(
        admitted,
        asked,
        replay([{ ok: { status: 200, headers: [], body: new Uint8Array(size) } }]),
      ).gasUsed;
    expect(gas(1_000) - gas(0)).toBe(2 * 1_000 + 1_000);
    const seen: HttpRequest[][] = [];
    const poor = { ...asked, gasLimit: 100_000 };
    expect(ending(runCall(admitted, poor, replay([response], seen)))).toBe("OUT_OF_GAS");
    expect(seen).toEqual([]);
  });

  it("allows as many requests per call as the limit, in one list or many, and not one more", () => {
    const many = (count: number): Code => [
      ...constant(REQUEST),
      ...constant(count),
      ...constant(RESULT),
      ...call(0),
    ];
    const answer = environment({
      http: { kind: "replay", next: (requests) => requests.map(() => ({ error: "dns" }) as const) },
    });
    const blank = (code: Code): string =>
      ending(runCall(contract([...code, ...constant(RESULT)]), asked, answer));
    expect(blank(many(HTTP_REQUESTS_MAX))).toBe("returned");
    expect(blank(many(HTTP_REQUESTS_MAX + 1))).toBe("HTTP_LIMIT");
    expect(blank([...many(HTTP_REQUESTS_MAX), ...many(0)])).toBe("HTTP_LIMIT");
    expect(blank([...many(HTTP_REQUESTS_MAX), ...many(1)])).toBe("HTTP_LIMIT");
    expect(blank([...loop([...many(1), ...br(0)])])).toBe("HTTP_LIMIT");
    expect(blank(many(-1))).toBe("HTTP_LIMIT");
  });

  it("refuses records whose lists, texts or tags are impossible", () => {
    const changed = (address: number, value: number): string =>
      ending(
        runCall(
          contract([...request, ...word(address, value), ...fetchOne, ...constant(RESULT)]),
          asked,
          replay([response]),
        ),
      );
    expect(changed(REQUEST + 20, HTTP_HEADERS_MAX + 1)).toBe("HTTP_LIMIT");
    expect(changed(REQUEST + 20, -1)).toBe("HTTP_LIMIT");
    expect(changed(REQUEST + 16, HEADER + 1)).toBe("ABI_VIOLATION");
    expect(changed(REQUEST + 16, 65_532)).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(changed(REQUEST + 4, -1)).toBe("HTTP_LIMIT");
    expect(changed(REQUEST + 8, 65_530)).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(changed(REQUEST + 24, 2)).toBe("ABI_VIOLATION");
    expect(changed(REQUEST + 32, 2 ** 20 + 1)).toBe("HTTP_LIMIT");
    expect(changed(REQUEST + 28, 65_535)).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(changed(TEXT, 0xd800)).toBe("ABI_VIOLATION");
  });

  it("refuses to wait in _initialize and in cabi_realloc, live and replayed alike", async () => {
    const answer = live(() => Promise.resolve([response]));
    const realloc = [...fetchOne, ...constant(ALLOCATED)];
    const early = [constant(RESULT), { initialize: [...request, ...fetchOne] }] as const;
    const inside = [constant(RESULT), { realloc }] as const;
    const after = [[...request, ...fetchOne, ...constant(RESULT)], { realloc }] as const;
    for (const [command, parts] of [early, inside, after]) {
      for (const gasLimit of [GAS, 70_000]) {
        const request = { ...asked, gasLimit };
        const replayed = runCall(contract(command, parts), request, replay([response]));
        const outcome = await runCallAsync(waitingContract(command, parts), request, answer);
        expect(outcome).toEqual(replayed);
        expect(ending(replayed)).toBe("REENTRY_REFUSED");
      }
    }
  });

  it("turns a fault of the power into the fault of the call, live and replayed", async () => {
    const mismatch = new Fault("HTTP_REPLAY_MISMATCH");
    const thrown = environment({
      http: {
        kind: "replay",
        next: () => {
          throw mismatch;
        },
      },
    });
    const replayed = runCall(admitted, asked, thrown);
    const rejected = await runCallAsync(
      suspended,
      asked,
      live(() => Promise.reject(mismatch)),
    );
    expect(ending(replayed)).toBe("HTTP_REPLAY_MISMATCH");
    expect(rejected).toEqual(replayed);
    expect(replayed.gasUsed).toBeLessThan(GAS);
  });

  it("lets many calls wait at once, each with its own memory, and resume in any order", async () => {
    const resolvers: ((results: readonly HttpResult[]) => void)[] = [];
    const calls = Array.from({ length: 50 }, () =>
      runCallAsync(
        suspended,
        asked,
        live(() => new Promise((resolve) => resolvers.push(resolve))),
      ),
    );
    await expect.poll(() => resolvers.length).toBe(calls.length);
    for (let index = resolvers.length - 1; index >= 0; index--) {
      const body = Uint8Array.of(index);
      resolvers[index]?.([{ ok: { status: 200, headers: [], body } }]);
    }
    const values = (await Promise.all(calls)).map(
      ({ end }) => end.kind === "returned" && end.value[0],
    );
    expect(values).toEqual(calls.map((_, index) => index));
  });

  it("will not start a call that would have to wait on a stack that cannot", () => {
    expect(() =>
      runCall(
        admitted,
        asked,
        live(() => Promise.resolve([])),
      ),
    ).toThrow("needs a module that suspends");
  });
});
