import { describe, expect, it } from "vitest";
import type { WorkerToEnclave } from "#protocol/messages.ts";
import { Operator } from "#test/support/operator.ts";
import { call, openSession, RawClient } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { args, told } from "#test/support/values.ts";

const REFUSED = [{ type: "refused", fault: 107, facts: {} }];

/** Every message that an enclave has a time for, harmless in itself. */
const messages: Readonly<Record<string, WorkerToEnclave>> = {
  "snapshot-piece": { type: "snapshot-piece", sealed: new Uint8Array(40) },
  delta: { type: "delta", sealed: new Uint8Array(40) },
  entries: { type: "entries", firstHeight: 1, entries: [] },
  "restored snapshot": { type: "restored", part: "snapshot" },
  "restored deltas": { type: "restored", part: "deltas" },
  "restored entries": { type: "restored", part: "entries" },
  request: { type: "request", id: 1, envelope: new Uint8Array(200) },
  execute: { type: "execute", firstHeight: 1, entries: [] },
  snapshot: { type: "snapshot" },
  "snapshot-stored": { type: "snapshot-stored", height: 0 },
  info: { type: "info", id: 1 },
  egress: { type: "egress", egress: { kind: "egress-connected", id: 1 } },
};

/** What may be said in each life; everything else ends the enclave. */
const lives: readonly (readonly [string, (operator: Operator) => void, readonly string[]])[] = [
  ["before boot", () => undefined, []],
  [
    "while it takes the snapshot",
    (operator) => operator.tell(operator.bootMessage()),
    ["restored snapshot", "egress"],
  ],
  [
    "while it takes deltas",
    (operator) => {
      operator.tell(operator.bootMessage());
      operator.tell({ type: "restored", part: "snapshot" });
    },
    ["restored deltas", "egress"],
  ],
  [
    "while it takes the log",
    (operator) => {
      operator.tell(operator.bootMessage());
      operator.tell({ type: "restored", part: "snapshot" });
      operator.tell({ type: "restored", part: "deltas" });
    },
    ["entries", "restored entries", "info", "egress"],
  ],
  [
    "before its boot entry is executed",
    (operator) => operator.restore(),
    ["execute", "snapshot", "info", "egress"],
  ],
  [
    "while it serves",
    (operator) => operator.start(),
    ["request", "execute", "snapshot", "info", "egress"],
  ],
];

describe.each(lives)("Enclave, %s", (_, prepare, allowed) => {
  it.each(Object.keys(messages))("knows whether %s has its time", (name) => {
    const operator = new Operator();
    operator.spawn();
    prepare(operator);
    const answers = operator.send(messages[name] as WorkerToEnclave);
    if (allowed.includes(name)) expect(answers).not.toContainEqual(REFUSED[0]);
    else expect(answers.map(({ type }) => type)).toEqual(["refused"]);
  });
});

describe("Enclave, once it has refused", () => {
  it("stays refused: it neither serves nor boots again with the key it signed with", () => {
    const operator = new Operator().start();
    expect(operator.send({ type: "restored", part: "deltas" })).toEqual(REFUSED);
    expect(operator.send(operator.bootMessage())).toEqual(REFUSED);
    for (const message of Object.values(messages)) {
      expect(operator.send(message)).toEqual(REFUSED);
    }
  });

  it("refuses a second boot while it serves", () => {
    const operator = new Operator().start();
    expect(operator.send(operator.bootMessage())).toEqual(REFUSED);
  });

  it("drops what still waits for the outside world, without an accident", async () => {
    const released = Promise.withResolvers<undefined>();
    const operator = new Operator({
      http: {
        receive: () => undefined,
        live: () => ({
          kind: "live",
          fetch: async (requests) => {
            await released.promise;
            return requests.map(() => ({ error: "timeout" as const }));
          },
        }),
      },
    }).start();
    const ann = await RawClient.open(operator, 1);
    const oracle = await ann.deployed(await fixture("oracle"), { method: "open" });
    for (const [kind, method] of [
      ["query", "look"],
      ["command", "ask"],
    ] as const) {
      const body = call(method, args("https://rates.example/usd"));
      void operator.request(ann.envelope(kind, oracle, body));
    }
    operator.send({ type: "restored", part: "deltas" });
    const frames = operator.frames.length;
    released.resolve(undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(operator.frames.length).toBe(frames);
    expect(operator.aborted).toBe(undefined);
  });
});

describe("Enclave, offered old state beside new", () => {
  it("refuses snapshot pieces and deltas once it takes the log", async () => {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator, 1);
    const probe = await ann.deployed(await fixture("probe"), { method: "open" });
    const old = operator.makeSnapshot();
    await ann.command(probe, "add", args(5));
    operator.spawn();
    operator.tell(operator.bootMessage());
    operator.tell({ type: "restored", part: "snapshot" });
    for (const { sealed } of operator.disk.deltas) operator.tell({ type: "delta", sealed });
    const [sealed = new Uint8Array(0)] = old.pieces;
    expect(operator.send({ type: "snapshot-piece", sealed })).toEqual(REFUSED);
  });

  it("takes the height of its boot entry as its epoch, and no held-back entry changes that", async () => {
    const operator = new Operator();
    const kept = operator.start().copyDisk();
    const stale = new Operator({ disk: kept }).restore();
    for (let i = 0; i < 3; i++) operator.start();
    operator.append(stale);
    expect(operator.start().info()).toMatchObject({ bootEpoch: 6, height: 6 });
    operator.append(stale);
    const session = openSession(operator.info(), new Uint8Array(32).fill(1));
    expect((await operator.submit(session.envelope)).kind).toBe("answered");
  });

  it("gives two boots different epochs when the first one's entry was in no delta", () => {
    const operator = new Operator().start();
    operator.disk.deltas.pop();
    expect(operator.start().info().bootEpoch).toBe(2);
  });

  it("refuses a session request that came before", async () => {
    const operator = new Operator().start();
    const { envelope } = openSession(operator.info(), new Uint8Array(32).fill(1));
    expect((await operator.submit(envelope)).kind).toBe("answered");
    const again = await operator.request(envelope);
    expect(again).toMatchObject({ kind: "rejected", code: "SESSION_REPLAYED" });
    const ann = await RawClient.open(operator, 1);
    const probe = await ann.deployed(await fixture("probe"), { method: "open" });
    expect(told(await ann.query(probe, "peek"))).toBe(0);
  });
});
