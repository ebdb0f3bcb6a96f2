/**
 * The operator sends again what clients sent: ATTACKS 43 to 45.
 *
 * Goal: a command runs once, whatever is repeated, moved or relabelled; what is refused is refused in the
 * clear with a code, and the state stays as it was. Method: a proxy keeps every request and sends it again.
 *
 * @module
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { apiPaths, encodeSealedBody, parseClearFault, parseSealedBody } from "#protocol/api.ts";
import { envelopeKinds } from "#protocol/envelope.ts";
import { faults, type FaultCode } from "#protocol/faults.ts";
import type { Contract } from "#sdk/client/index.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { Proxy, type Answered, type Asked } from "./support/proxy.ts";
import { account, fixture, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

/** Where a clear header has its kind, sequence and contract; see `runtime/protocol/envelope.ts`. */
const KIND = 1;
const SEQUENCE_END = 61;
const CONTRACT = 62;

const site = new Site(afterAll);
const data = site.path("data");
let artefact: BuiltContract;
let proxy: Proxy;
let contract: Contract;
let other: Contract;
let command: Asked;
let query: Asked;

beforeAll(async () => {
  proxy = await Proxy.start(afterAll);
  const [built, worker] = await Promise.all([fixture("tally"), site.worker(data)]);
  artefact = built;
  proxy.target = (await worker.ready).url;
  const client = await account(proxy.url);
  [contract, other] = [await client.deploy(artefact), await client.deploy(artefact)];
});

let before: unknown;
const id = { from: 0, to: 100 };
const state = async () => [
  (await contract.read("counts", id, {})).value,
  (await other.read("counts", id, {})).value,
];

beforeEach(async () => {
  await contract.run("note", { id: 7, text: "once" }, {});
  command = proxy.last(apiPaths.command);
  before = await state();
  query = proxy.last(apiPaths.query);
});

/** The request with some bytes of its envelope changed. */
function changed(asked: Asked, edit: (envelope: Uint8Array) => void, path = asked.path): Asked {
  const envelope = Uint8Array.from(parseSealedBody(asked.body));
  edit(envelope);
  return { ...asked, path, body: Buffer.from(encodeSealedBody(envelope)) };
}

function expectFault({ status, body }: Answered, code: FaultCode): void {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(parseClearFault(body).number).toBe(faults[code].number);
}

describe("a command sent again", () => {
  it("is refused, one at a time and many at once", async () => {
    expectFault(await proxy.send(command), "SESSION_REPLAYED");
    const many = Array.from({ length: 50 }, () => proxy.send(command));
    for (const answered of await Promise.all(many)) expectFault(answered, "SESSION_REPLAYED");
    expect(await state()).toEqual(before);
  });

  it("is refused after the worker has restarted, gently or not", async () => {
    for (const end of ["stop", "kill"] as const) {
      for (const worker of site.running) await worker[end]();
      proxy.target = (await (await site.worker(data)).ready).url;
      expectFault(await proxy.send(command), "SESSION_REPLAYED");
      expect(await state()).toEqual(before);
    }
  });

  it("is refused at any other path", async () => {
    for (const path of [apiPaths.query, apiPaths.session]) {
      expectFault(await proxy.send({ ...command, path }), "SESSION_REPLAYED");
    }
    expect(await state()).toEqual(before);
  });

  it.each<readonly [string, (envelope: Uint8Array) => void, FaultCode]>([
    [
      "to another contract",
      (bytes) => bytes.set(Buffer.from(other.address, "hex"), CONTRACT),
      "ENVELOPE_UNOPENED",
    ],
    ["to no contract", (bytes) => bytes.fill(0, CONTRACT, CONTRACT + 32), "ENVELOPE_UNOPENED"],
    [
      "under the next sequence number",
      (bytes) => void (bytes[SEQUENCE_END] = 200),
      "ENVELOPE_UNOPENED",
    ],
    ["as a query", (bytes) => void (bytes[KIND] = envelopeKinds.query), "ENVELOPE_UNOPENED"],
    [
      "as the opening of a session",
      (bytes) => void (bytes[KIND] = envelopeKinds.session),
      "ENVELOPE_UNOPENED",
    ],
    [
      "in another session",
      (bytes) => void (bytes[40] = (bytes[40] as number) ^ 1),
      "SESSION_UNKNOWN",
    ],
    [
      "to another cluster",
      (bytes) => void (bytes[5] = (bytes[5] as number) ^ 1),
      "ENVELOPE_CLUSTER",
    ],
    ["in another epoch", (bytes) => void (bytes[37] = 9), "ENVELOPE_EPOCH"],
    ["in another version", (bytes) => void (bytes[0] = 2), "ENVELOPE_MALFORMED"],
  ])("is refused %s", async (_, edit, code) => {
    const answered = await proxy.send(changed(command, edit));
    expectFault(answered, code);
    expect(await state()).toEqual(before);
  });

  it("is refused with any bit of it flipped", async () => {
    const { length } = parseSealedBody(command.body);
    for (let at = 0; at < length; at += 7) {
      const flipped = changed(
        command,
        (bytes) => void (bytes[at] = (bytes[at] as number) ^ (1 << (at % 8))),
      );
      const { status } = await proxy.send(flipped);
      expect(status, `byte ${at}`).toBeGreaterThanOrEqual(400);
    }
    expect(await state()).toEqual(before);
  });
});

describe("a query sent again", () => {
  it("is refused by the same enclave, and cannot become a command", async () => {
    expectFault(await proxy.send(query), "SESSION_REPLAYED");
    const relabelled = changed(
      query,
      (bytes) => void (bytes[KIND] = envelopeKinds.command),
      apiPaths.command,
    );
    expectFault(await proxy.send(relabelled), "ENVELOPE_UNOPENED");
    expect(await state()).toEqual(before);
  });
});

describe("a session's opening sent again", () => {
  it("opens nothing twice, and a cut one opens nothing", async () => {
    const opening = proxy.last(apiPaths.session);
    expect((await proxy.send(opening)).status).toBeGreaterThanOrEqual(400);
    const whole = parseSealedBody(opening.body);
    for (const length of [0, 1, 93, 94, 126, whole.length - 1]) {
      const body = Buffer.from(encodeSealedBody(whole.slice(0, length)));
      expect((await proxy.send({ ...opening, body })).status).toBeGreaterThanOrEqual(400);
    }
    expect(await state()).toEqual(before);
  });
});
