/**
 * Commands over a worker process that crashes, hangs, duplicates and lies: exactly once, or an honest
 * "not known" (ATTACKS 43, 44, 48).
 *
 * @module
 */
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { apiPaths } from "#protocol/api.ts";
import { SESSION_IDLE_MS } from "#protocol/limits.ts";
import type { AccountClient, Contract } from "#sdk/client/index.ts";
import { HermeticError, Wallet } from "#sdk/client/index.ts";
import { fixture } from "#test/support/fixtures.ts";
import { broken, clearFault, LocalWorker, refusal } from "#test/sdk/client/local-worker.ts";
import { probeAbi } from "#test/sdk/client/probe-abi.ts";

let wasm: Uint8Array;
let worker: LocalWorker;
let ann: AccountClient;
let probe: Contract<typeof probeAbi>;

beforeAll(async () => {
  wasm = await fixture("probe");
});

beforeEach(async () => {
  worker = new LocalWorker();
  ann = await worker.account({ timeoutMs: 5_000 });
  probe = await ann.deploy({ wasm, abi: probeAbi });
});

/** What an honest worker says now. */
async function total(): Promise<bigint> {
  worker.intercept = (_, next) => next();
  return probe.query.peek();
}

describe("a command", () => {
  it("property: runs exactly once, whatever is lost before or after the worker sees it", async () => {
    const fates = fc.array(fc.constantFrom("before", "after", "busy", "twice", "restart"), {
      maxLength: 6,
    });
    let expected = await total();
    await fc.assert(
      fc.asyncProperty(fates, async (script) => {
        const rest = [...script];
        worker.intercept = async (_, next) => {
          const fate = rest.shift();
          if (fate === "before") return broken();
          if (fate === "busy") return refusal(503, 4503);
          if (fate === "restart") {
            worker.operator.start();
            return broken();
          }
          const answer = await next();
          if (fate === "twice") await next();
          return fate === "after" ? broken() : answer;
        };
        const { value } = await probe.command.add({ amount: 1 });
        expected += 1n;
        expect(value).toBe(expected);
        expect(await total()).toBe(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("asks for the receipt before it sends the same bytes again", async () => {
    worker.seen.length = 0;
    let first = true;
    worker.intercept = async ({ path }, next) => {
      const answer = await next();
      if (path !== apiPaths.command || !first) return answer;
      first = false;
      return broken();
    };
    await probe.command.add({ amount: 1 });
    expect(worker.count(apiPaths.command)).toBe(1);
    expect(worker.count(apiPaths.receipt)).toBe(1);
  });

  it("sends the same bytes, never new ones", async () => {
    worker.seen.length = 0;
    let lost = 3;
    worker.intercept = ({ path }, next) =>
      path === apiPaths.command && lost-- > 0 ? broken() : next();
    await probe.command.add({ amount: 1 });
    const sent = worker.seen.filter(({ path }) => path === apiPaths.command);
    expect(new Set(sent.map(({ envelope }) => envelope.toHex())).size).toBe(1);
    expect(sent).toHaveLength(4);
  });

  it("waits for the receipt when the worker says that it was received already", async () => {
    let polls = 0;
    worker.intercept = async ({ path }, next) => {
      if (path === apiPaths.command) {
        await next();
        return clearFault("SESSION_REPLAYED", 409);
      }
      return path.startsWith(apiPaths.receipt) && ++polls < 3 ? refusal(404, 4404) : next();
    };
    expect((await probe.command.add({ amount: 4 })).value).toBe(4n);
    expect(worker.count(apiPaths.command)).toBe(2); // the deployment, and this
  });

  it.each([
    "SESSION_UNKNOWN",
    "ENVELOPE_EPOCH",
    "SESSION_SEQUENCE_OLD",
    "ENVELOPE_UNOPENED",
  ] as const)("does not run twice when the worker process runs it and claims %s", async (lie) => {
    worker.intercept = async ({ path }, next) => {
      if (path === apiPaths.command) await next();
      if (path.startsWith(apiPaths.receipt)) return refusal(404, 4404);
      return path === apiPaths.command ? clearFault(lie) : next();
    };
    const error = await probe.command.add({ amount: 1 }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "HRM2303", kind: "unreachable" });
    expect(await total()).toBe(1n);
  });

  it("takes the receipt over a refusal in the clear", async () => {
    worker.intercept = async ({ path }, next) => {
      const answer = await next();
      return path === apiPaths.command ? clearFault("SESSION_UNKNOWN", 401) : answer;
    };
    expect((await probe.command.add({ amount: 1 })).value).toBe(1n);
  });

  it("is given up with an honest error when the time is up", async () => {
    worker.intercept = broken;
    await expect(probe.command.add({ amount: 1 }, { timeoutMs: 300 })).rejects.toMatchObject({
      code: "HRM2303",
      kind: "unreachable",
    });
  });

  it("is given up when it hangs, and the session goes on", async () => {
    worker.intercept = () => new Promise(() => undefined);
    await expect(probe.command.add({ amount: 1 }, { timeoutMs: 100 })).rejects.toMatchObject({
      code: "HRM2303",
    });
    expect(await total()).toBe(0n);
    expect((await probe.command.add({ amount: 1 })).value).toBe(1n);
  });

  it("is cancelled by a signal, before or while it is sent", async () => {
    const done = { signal: AbortSignal.abort() };
    await expect(probe.command.add({ amount: 1 }, done)).rejects.toMatchObject({ code: "HRM2306" });
    worker.intercept = () => new Promise(() => undefined);
    const soon = { signal: AbortSignal.timeout(50) };
    await expect(probe.command.add({ amount: 1 }, soon)).rejects.toMatchObject({ code: "HRM2306" });
    await expect(probe.query.peek({}, soon)).rejects.toMatchObject({ code: "HRM2306" });
  });

  it("never has its sequence number pushed out of the window by later ones", async () => {
    let release: (() => void) | undefined;
    let held = false;
    worker.intercept = async ({ path }, next) => {
      if (path !== apiPaths.command || held) return next();
      held = true;
      await new Promise<void>((resolve) => (release = resolve));
      return next();
    };
    const first = probe.command.add({ amount: 1 });
    const later = Promise.all(Array.from({ length: 400 }, () => probe.command.add({ amount: 1 })));
    await vi.waitFor(() => expect(worker.operator.height).toBeGreaterThan(190));
    release?.();
    await Promise.all([first, later]);
    expect(await total()).toBe(401n);
  }, 60_000);
});

describe("a query", () => {
  it("is asked again over a broken connection or a busy worker, under new sequence numbers", async () => {
    worker.seen.length = 0;
    const fates = [
      broken,
      () => Promise.resolve(refusal(503, 4503)),
      () => Promise.resolve(clearFault("BUSY", 503)),
    ];
    worker.intercept = (_, next) => (fates.shift() ?? next)();
    expect(await probe.query.peek()).toBe(0n);
    const sent = worker.seen.filter(({ path }) => path === apiPaths.query);
    expect(new Set(sent.map(({ envelope }) => envelope.toHex())).size).toBe(4);
  });

  it("opens a new session when the worker does not know the old one", async () => {
    const sessions = worker.count(apiPaths.session);
    let first = true;
    worker.intercept = ({ path }, next) => {
      if (path !== apiPaths.query || !first) return next();
      first = false;
      return Promise.resolve(clearFault("SESSION_UNKNOWN", 401));
    };
    expect(await probe.query.peek()).toBe(0n);
    expect(worker.count(apiPaths.session)).toBe(sessions + 1);
    worker.intercept = () => Promise.resolve(clearFault("SESSION_UNKNOWN", 401));
    await expect(probe.query.peek()).rejects.toBeInstanceOf(HermeticError);
  });

  it("passes on a refusal that will not go away", async () => {
    worker.intercept = () => Promise.resolve(clearFault("ENVELOPE_MALFORMED"));
    await expect(probe.query.peek()).rejects.toMatchObject({ code: "HRM1102", kind: "fault" });
    worker.intercept = () => Promise.resolve(refusal(413, 4413));
    await expect(probe.query.peek()).rejects.toMatchObject({ code: "HRM4413", kind: "fault" });
  });
});

describe("a session", () => {
  it("is opened once for calls that start together", async () => {
    const bob = (await worker.account()).contract(probeAbi, probe.address);
    const before = worker.count(apiPaths.session);
    await Promise.all([bob.query.peek(), bob.query.who(), bob.command.announce()]);
    expect(worker.count(apiPaths.session)).toBe(before + 1);
  });

  it("is replaced in time, before the enclave may drop it", async () => {
    const before = worker.count(apiPaths.session);
    const nowMs = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => nowMs + SESSION_IDLE_MS);
    worker.operator.clockMs += SESSION_IDLE_MS;
    expect((await probe.command.add({ amount: 1 })).value).toBe(1n);
    expect(worker.count(apiPaths.session)).toBe(before + 1);
  });

  it("is dated anew when the enclave's clock has gone another way", async () => {
    const network = await worker.connect();
    worker.operator.clockMs += 60 * 60 * 1000;
    const bob = network.as(Wallet.generate()).contract(probeAbi, probe.address);
    expect(await bob.query.peek()).toBe(0n);
  });

  it("fails for all who wait, and is tried anew by the next call", async () => {
    const bob = (await worker.account({ timeoutMs: 200 })).contract(probeAbi, probe.address);
    worker.intercept = broken;
    const both = await Promise.allSettled([bob.query.peek(), bob.command.announce()]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    worker.intercept = (_, next) => next();
    expect(await bob.query.peek()).toBe(0n);
  });
});
