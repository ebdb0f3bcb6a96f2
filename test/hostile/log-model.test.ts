/**
 * ATTACKS 30, 43 and 44: an operator who does anything with the log, against a model of what may come of it.
 *
 * Goal: whatever is admitted, held back, repeated, reordered, split into messages, carried over to the next
 * enclave or tampered with on the way, each command counts once, in the order of the log, as its receipt says;
 * and every other enclave comes to the same state from what lies on the disk. Method: random moves, and a
 * model of ten lines that knows sequence numbers and a sum.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { SEQUENCE_WINDOW } from "#protocol/limits.ts";
import { fixture } from "#test/support/fixtures.ts";
import { Operator, Refusal, type Disk } from "#test/support/operator.ts";
import {
  call,
  openSession,
  RawClient,
  replyOf,
  type OpenedSession,
} from "#test/support/raw-client.ts";
import { args, returned } from "#test/support/values.ts";

const WALLETS = [1, 2, 3];
/** Fixed runs; the whole takes a few seconds. */
const RUNS = 60;

/** What a sender has used up. */
class Numbers {
  #highest = 0;
  readonly #used = new Set<number>();

  isFree(sequence: number): boolean {
    return sequence > 0 && sequence > this.#highest - SEQUENCE_WINDOW && !this.#used.has(sequence);
  }

  use(sequence: number): void {
    this.#used.add(sequence);
    this.#highest = Math.max(this.#highest, sequence);
  }

  /** A number as far from the newest one as `by` says. */
  near(by: number): number {
    return Math.max(0, this.#highest + by);
  }
}

/** A command that an enclave has admitted at some time. */
interface Held {
  readonly entry: Uint8Array;
  readonly requestId: Uint8Array;
  readonly envelope: Uint8Array;
  readonly who: number;
  readonly sequence: number;
  readonly amount: number;
}

type Move =
  | { readonly kind: "send"; readonly who: number; readonly by: number; readonly amount: number }
  | { readonly kind: "append"; readonly picks: readonly (readonly number[])[] }
  | { readonly kind: "tamper"; readonly pick: number; readonly at: number; readonly bit: number }
  | { readonly kind: "mix"; readonly pick: number; readonly other: number; readonly at: number }
  | { readonly kind: "restart"; readonly rebuild: boolean; readonly forgets: number }
  | { readonly kind: "tick" | "snapshot" | "ask" | "foreign" };

const nat = fc.nat(1_000);
const by = fc.oneof(
  { weight: 5, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(254, 255, 256, 257, -254, -255, -256, -257) },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40) },
);
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("send"),
      who: fc.nat(WALLETS.length - 1),
      by,
      amount: fc.integer({ min: 1, max: 1_000 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("append"),
      picks: fc.array(fc.array(nat, { minLength: 1, maxLength: 4 }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom<Move>({ kind: "tick" }, { kind: "snapshot" }) },
  { weight: 2, arbitrary: fc.constant<Move>({ kind: "ask" }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("restart"),
      rebuild: fc.boolean(),
      forgets: fc.nat(3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ kind: fc.constant("tamper"), pick: nat, at: nat, bit: fc.nat(7) }),
      fc.record({ kind: fc.constant("mix"), pick: nat, other: nat, at: nat }),
      fc.constant<Move>({ kind: "foreign" }),
    ),
  },
);

describe("30, 43, 44: what an operator does with the log", () => {
  let disk: Disk;
  let sessions: OpenedSession[];
  let probe: Uint8Array;
  /** An entry of another cluster. */
  let foreign: Uint8Array;

  beforeAll(async () => {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator, 9);
    probe = await ann.deployed(await fixture("probe"), { method: "open" });
    sessions = [];
    for (const wallet of WALLETS) {
      const session = openSession(operator.info(), new Uint8Array(32).fill(wallet));
      await operator.submit(session.envelope);
      sessions.push(session);
    }
    disk = operator.copyDisk();
    const other = new Operator().start();
    await RawClient.open(other, 1);
    [foreign] = other.disk.log.slice(-1) as [Uint8Array];
  });

  /** One game: the operator's moves, and what must come of them. */
  class Game {
    readonly operator = new Operator({
      disk: { ...disk, log: [...disk.log], deltas: [...disk.deltas] },
    }).start();
    readonly #clients = sessions.map((session, i) =>
      RawClient.of(this.operator, session, WALLETS[i]),
    );
    readonly #numbers = WALLETS.map(() => new Numbers());
    readonly #held: Held[] = [];
    #total = 0;
    #asked = 0;

    async play(next: Move): Promise<void> {
      switch (next.kind) {
        case "send":
          return this.#send(next.who, this.#numberOf(next.who).near(next.by), next.amount);
        case "append":
          for (const picks of next.picks) await this.#append(picks.flatMap((n) => this.#pick(n)));
          return;
        case "tamper":
          for (const { entry } of this.#pick(next.pick)) {
            this.#refused(flipped(entry, next.at, next.bit));
          }
          return;
        case "mix":
          this.#mix(next);
          return;
        case "foreign":
          this.#refused(foreign);
          return;
        case "restart":
          this.#restart(next);
          return;
        case "tick":
          this.operator.tick();
          return;
        case "snapshot":
          this.operator.takeSnapshot();
          return;
        case "ask":
          expect(await this.#ask()).toBe(this.#total);
          return;
      }
    }

    #numberOf(who: number): Numbers {
      return this.#numbers[who] as Numbers;
    }

    #pick(n: number): Held[] {
      const held = this.#held[n % Math.max(1, this.#held.length)];
      return held === undefined ? [] : [held];
    }

    async #send(who: number, sequence: number, amount: number): Promise<void> {
      const client = this.#clients[who] as RawClient;
      const body = call("add", args(amount));
      const envelope = client.envelope("command", probe, body, { header: { sequence } });
      const decision = await this.operator.request(envelope);
      expect(decision.kind).toBe(this.#numberOf(who).isFree(sequence) ? "admitted" : "rejected");
      if (decision.kind !== "admitted") return;
      const { entry, requestId } = decision;
      this.#held.push({ entry, requestId, envelope, who, sequence, amount });
    }

    /** Appends entries in one message, and reads the receipts of those that count. */
    async #append(all: readonly Held[]): Promise<void> {
      const first = this.operator.height + 1;
      this.operator.append(...all.map(({ entry }) => entry));
      for (const [i, { who, sequence, amount, requestId, envelope }] of all.entries()) {
        const numbers = this.#numberOf(who);
        if (!numbers.isFree(sequence)) continue;
        numbers.use(sequence);
        this.#total += amount;
        const reply = this.operator.replies.get(toHex(requestId)) ?? new Uint8Array(0);
        const client = this.#clients[who] as RawClient;
        const result = client.read(envelope, { kind: "answered", reply });
        expect([returned(result), replyOf(result).height]).toEqual([this.#total, first + i]);
      }
    }

    #mix({ pick, other, at }: { pick: number; other: number; at: number }): void {
      const [one, two] = [...this.#pick(pick), ...this.#pick(other)];
      if (one === undefined || two === undefined || one.entry === two.entry) return;
      const cut = at % one.entry.length;
      const mixed = Uint8Array.from(one.entry, (byte, i) => (i < cut ? byte : (two.entry[i] ?? 0)));
      const isWhole = [one, two].some(({ entry }) => toHex(entry) === toHex(mixed));
      if (!isWhole) this.#refused(mixed);
    }

    /** The enclave ends at an entry that nobody of the cluster sealed, and the next one goes on. */
    #refused(entry: Uint8Array): void {
      expect(() => this.operator.append(entry)).toThrow(Refusal);
      this.operator.disk.log.pop();
      this.operator.start();
    }

    /** A new enclave, which finds some of the newest deltas missing, or has to do with the log alone. */
    #restart({ rebuild, forgets }: { rebuild: boolean; forgets: number }): void {
      const { operator } = this;
      const { deltas, snapshot } = operator.disk;
      if (rebuild) {
        operator.disk.deltas = [];
        operator.disk.snapshot = { height: 0, pieces: [] };
        operator.start({ rebuild });
        operator.takeSnapshot();
        return;
      }
      const isAfter = deltas.filter(({ firstHeight }) => firstHeight > snapshot.height).length;
      deltas.splice(deltas.length - Math.min(forgets, isAfter));
      operator.start();
    }

    async #ask(): Promise<unknown> {
      const client = this.#clients[0] as RawClient;
      const header = { sequence: ++this.#asked };
      const envelope = client.envelope("query", probe, call("peek"), { header });
      return returned(await client.submit(envelope));
    }

    /** Every enclave comes to the same from the disk, by whatever way. */
    async end(): Promise<void> {
      expect(await this.#ask()).toBe(this.#total);
      const here = this.operator.info();
      for (const [rebuild, deltas] of [
        [true, true],
        [false, true],
        [false, false],
      ] as const) {
        const copy = this.operator.copyDisk();
        if (!deltas) copy.deltas = [];
        const other = new Operator({ disk: copy });
        other.restore({ rebuild });
        const there = other.info();
        expect([there.height, toHex(there.digest)]).toEqual([here.height, toHex(here.digest)]);
      }
      expect(this.operator.aborted).toBeUndefined();
    }
  }

  it("property: counts each command once, as its receipt says, for every enclave alike", async () => {
    const property = fc.asyncProperty(fc.array(move, { maxLength: 30 }), async (moves) => {
      const game = new Game();
      for (const each of moves) await game.play(each);
      await game.end();
    });
    await fc.assert(property, { numRuns: RUNS });
  }, 120_000);
});

function flipped(entry: Uint8Array, at: number, bit: number): Uint8Array {
  return entry.map((byte, i) => (i === at % entry.length ? byte ^ (1 << bit) : byte));
}
