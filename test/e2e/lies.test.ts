/**
 * The operator between client and worker lies about answers: ATTACKS 44, 45 and 47.
 *
 * Goal: a client gets the true answer, or an error of the right kind; a command it was told to have run
 * ran once, whatever happened on the way. Method: a proxy drops, doubles, swaps, cuts and alters.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { apiPaths, encodeClearFault, encodeSealedBody, parseSealedBody } from "#protocol/api.ts";
import { faults } from "#protocol/faults.ts";
import type { Contract, ErrorKind } from "#sdk/client/index.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { Proxy, type Answered, type Intercept } from "./support/proxy.ts";
import { account, fixture, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
let artefact: BuiltContract;
let proxy: Proxy;
let honest: string;
let contract: Contract;
let reader: Contract;
let next = 1;

beforeAll(async () => {
  proxy = await Proxy.start(afterAll);
  const [built, worker] = await Promise.all([fixture("tally"), site.worker(site.path("data"))]);
  artefact = built;
  honest = (await worker.ready).url;
  proxy.target = honest;
  contract = await (await account(proxy.url)).deploy(artefact);
  reader = (await account(honest)).contract(artefact.abi, contract.address);
  await contract.run("note", { id: 0, text: "" }, {});
});

const honestly: Intercept = (_, forward) => forward();
afterEach(() => {
  proxy.intercept = honestly;
});

/** Notes a new number. @returns Its end, and how often the contract has then counted it. */
function note(timeoutMs = 30_000): { times: () => Promise<unknown>; done: Promise<unknown> } {
  const id = next++;
  const done = contract.run("note", { id, text: "" }, { timeoutMs });
  done.catch(() => undefined); // looked at by the test
  const range = { from: id, to: id + 1 };
  return { done, times: async () => (await reader.read("counts", range, {})).value };
}

/** Changes what comes back for one path. */
function answering(path: string, change: (answered: Answered) => Answered | "drop"): Intercept {
  return async (asked, forward) => {
    const answered = await forward();
    return asked.path.startsWith(path) ? change(answered) : answered;
  };
}

function altered(answered: Answered, edit: (sealed: Buffer) => Uint8Array): Answered {
  const sealed = Buffer.from(parseSealedBody(answered.body));
  return { ...answered, body: Buffer.from(encodeSealedBody(edit(sealed))) };
}

describe("a command", () => {
  it("that the operator sends three times runs once", async () => {
    proxy.intercept = async (_, forward) => {
      const all = await Promise.all([forward(), forward(), forward()]);
      return all.find(({ status }) => status === 200) ?? all[0];
    };
    const { done, times } = note();
    await done;
    expect(await times()).toEqual([1]);
  });

  it.each([1, 2, 3])(
    "whose answer is dropped %i times in a row runs once, and its sender learns so",
    async (drops) => {
      let left = drops;
      proxy.intercept = answering("/v1/", (answered) => (left-- > 0 ? "drop" : answered));
      const { done, times } = note();
      await expect(done).resolves.toMatchObject({ value: 1 });
      expect(await times()).toEqual([1]);
    },
  );

  it("that is held back and delivered after its sender gave up runs at most once", async () => {
    let late: Promise<Answered> | undefined;
    proxy.intercept = async (asked, forward) => {
      if (asked.path !== apiPaths.command) return "drop";
      late ??= sleep(1_500).then(() => forward());
      return "drop";
    };
    const { done, times } = note(1_000);
    await expect(done).rejects.toMatchObject({ code: "HRM2303", kind: "unreachable" });
    expect((await late)?.status).toBe(200);
    expect(await times()).toEqual([1]);
  });

  it.each(["SESSION_REPLAYED", "SESSION_UNKNOWN", "ENVELOPE_CLUSTER", "BUSY", "TRAP"] as const)(
    "that was run and is then said to be refused with %s is not taken for one that did not run",
    async (code) => {
      const body = Buffer.from(encodeClearFault({ number: faults[code].number, facts: {} }));
      let lies = 1;
      proxy.intercept = answering(apiPaths.command, (answered) => {
        return lies-- > 0 ? { status: 400, type: answered.type, body } : answered;
      });
      const { done, times } = note();
      await expect(done).resolves.toMatchObject({ value: 1 });
      expect(await times()).toEqual([1]);
    },
  );
});

describe("an answer", () => {
  it("to another request of the same session is refused", async () => {
    const waiting: { own: Answered; give: (other: Answered) => void }[] = [];
    proxy.intercept = async (asked, forward) => {
      const own = await forward();
      if (asked.path !== apiPaths.command) return own;
      return new Promise((give) => {
        waiting.push({ own, give });
        const [one, two] = waiting;
        if (one === undefined || two === undefined) return;
        one.give(two.own);
        two.give(one.own);
      });
    };
    const both = [note(), note()];
    for (const { done, times } of both) {
      await expect(done).rejects.toMatchObject({ code: "HRM2108", kind: "trust" });
      expect(await times()).toEqual([1]);
    }
  });

  it("of an earlier query is refused", async () => {
    let first: Answered | undefined;
    proxy.intercept = answering(apiPaths.query, (answered) => (first ??= answered));
    await contract.read("sum", {}, {});
    await expect(contract.read("sum", {}, {})).rejects.toMatchObject({ code: "HRM2108" });
  });

  it.each<readonly [string, (answered: Answered) => Answered, ErrorKind]>([
    [
      "with a bit flipped at the front",
      (own) => altered(own, (sealed) => flipped(sealed, 0)),
      "trust",
    ],
    [
      "with a bit flipped in the middle",
      (own) => altered(own, (sealed) => flipped(sealed, sealed.length >> 1)),
      "trust",
    ],
    [
      "with a bit flipped at the end",
      (own) => altered(own, (sealed) => flipped(sealed, sealed.length - 1)),
      "trust",
    ],
    ["cut inside its seal", (own) => altered(own, (sealed) => sealed.subarray(0, 100)), "trust"],
    ["with nothing in its seal", (own) => altered(own, () => new Uint8Array(0)), "trust"],
    ["cut by a byte", (own) => ({ ...own, body: own.body.subarray(0, -1) }), "unreachable"],
    ["of no bytes", (own) => ({ ...own, body: Buffer.alloc(0) }), "unreachable"],
    [
      "that is a web page",
      (own) => ({ ...own, type: "text/html", body: Buffer.from("<html>") }),
      "unreachable",
    ],
  ])("%s is refused", async (_, change, kind) => {
    proxy.intercept = answering("/v1/", change);
    await expect(contract.read("sum", {}, { timeoutMs: 5_000 })).rejects.toMatchObject({ kind });
    const { done, times } = note(5_000);
    await expect(done).rejects.toMatchObject({ kind });
    expect(await times()).toEqual([1]);
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 4 : byte));
}
