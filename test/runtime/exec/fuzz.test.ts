/**
 * Goal: no sequence of messages makes the enclave throw, abort or serve what it should not.
 * Method: random messages in every life, made of noise and of parts of a real history.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { WorkerToEnclave } from "#protocol/messages.ts";
import { Operator, type Disk } from "#test/support/operator.ts";
import { call, openSession, RawClient } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { args } from "#test/support/values.ts";

describe("Enclave", () => {
  let disk: Disk;
  let envelopes: Uint8Array[];

  beforeAll(async () => {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator, 1);
    const probe = await ann.deployed(await fixture("probe"), { method: "open" });
    await ann.command(probe, "add", args(1));
    operator.takeSnapshot();
    await ann.command(probe, "add", args(2));
    disk = operator.copyDisk();
    envelopes = [
      openSession(operator.info(), new Uint8Array(32).fill(2)).envelope,
      ann.envelope("command", probe, call("add", args(3))),
      ann.envelope("query", probe, call("peek")),
      ann.envelope("command", probe, call("stop", args(1))),
    ];
  });

  /** Noise, or something real with at most one byte changed. */
  function bytes(real: () => readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
    const taken = fc.tuple(
      fc.nat(),
      fc.option(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { freq: 2 }),
    );
    return fc.oneof(
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
      {
        weight: 3,
        arbitrary: taken.map(([which, flip]) => {
          const all = real();
          const copy = (all[which % all.length] ?? new Uint8Array(0)).slice();
          if (flip !== null && copy.length > 0) {
            const at = flip[0] % copy.length;
            copy[at] = (copy[at] ?? 0) ^ flip[1];
          }
          return copy;
        }),
      },
    );
  }

  const height = fc.oneof(fc.nat(12), fc.constantFrom(0, 2 ** 31, Number.MAX_SAFE_INTEGER));
  const entries = fc.array(
    bytes(() => disk.log),
    { maxLength: 4 },
  );
  const message: fc.Arbitrary<WorkerToEnclave> = fc.oneof(
    fc.record({ type: fc.constant("snapshot-piece"), sealed: bytes(() => disk.snapshot.pieces) }),
    fc.record({
      type: fc.constant("delta"),
      sealed: bytes(() => disk.deltas.map(({ sealed }) => sealed)),
    }),
    fc.record({ type: fc.constantFrom("entries", "execute"), firstHeight: height, entries }),
    fc.record({
      type: fc.constant("restored"),
      part: fc.constantFrom("snapshot", "deltas", "entries"),
    }),
    fc.record({ type: fc.constant("request"), id: fc.nat(), envelope: bytes(() => envelopes) }),
    fc.record({ type: fc.constant("request"), id: fc.nat(), envelope: bytes(() => envelopes) }),
    fc.record({ type: fc.constant("snapshot-stored"), height }),
    fc.constantFrom<WorkerToEnclave>({ type: "snapshot" }, { type: "info", id: 1 }),
  );

  /** How far an honest start has come before the noise begins. */
  const lives: readonly ((operator: Operator) => void)[] = [
    () => undefined,
    (operator) => void operator.send(operator.bootMessage()),
    (operator) => {
      operator.send(operator.bootMessage());
      for (const sealed of disk.snapshot.pieces) operator.send({ type: "snapshot-piece", sealed });
      operator.send({ type: "restored", part: "snapshot" });
    },
    (operator) => {
      operator.send(operator.bootMessage());
      operator.send({ type: "restored", part: "snapshot" });
      operator.send({ type: "restored", part: "deltas" });
    },
    (operator) => void operator.restore(),
    (operator) => void operator.start(),
  ];

  it("property: takes any messages in any life without an accident", async () => {
    const property = fc.asyncProperty(
      fc.nat(lives.length - 1),
      fc.array(message, { minLength: 1, maxLength: 12 }),
      async (life, messages) => {
        const copy = { ...disk, log: [...disk.log], deltas: [...disk.deltas] };
        const operator = new Operator({ disk: copy });
        operator.spawn();
        lives[life]?.(operator);
        let refused = false;
        for (const each of messages) {
          const types = operator.send(each).map(({ type }) => type);
          if (refused) expect(types).toEqual(["refused"]);
          refused ||= types.includes("refused");
        }
        await new Promise((resolve) => setImmediate(resolve));
        expect(operator.aborted).toBe(undefined);
      },
    );
    await fc.assert(property, { numRuns: 400 });
  }, 60_000);
});
