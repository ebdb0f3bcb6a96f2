/**
 * ATTACKS 32 and 44: what an operator may do to an entry between its admission and its execution.
 *
 * Goal: an enclave treats what it has sealed itself no better than anybody else's bytes. It stops at
 * every other byte, and comes to the same state as an enclave that has only the log. Method: entries fresh from
 * one enclave, altered, mixed, moved and repeated, given to it, to its sibling and to its successor.
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { concat, toHex } from "#protocol/bytes.ts";
import { faults } from "#protocol/faults.ts";
import { fixture } from "#test/support/fixtures.ts";
import { Operator, Refusal, type Disk } from "#test/support/operator.ts";
import { call, RawClient } from "#test/support/raw-client.ts";
import { args, told } from "#test/support/values.ts";

/** What stands in front of an entry's ciphertext: version, salt, nonce; and the tag behind it. */
const [VERSION, SALT, NONCE, TAG] = [1, 16, 12, 16];
const HEADER = VERSION + SALT + NONCE;

describe("32, 44: an entry on its way from its enclave and back", () => {
  let disk: Disk;
  let operator: Operator;
  let ann: RawClient;
  let probe: Uint8Array;

  beforeAll(async () => {
    const first = new Operator().start();
    const someone = await RawClient.open(first, 9);
    probe = await someone.deployed(await fixture("probe"), { method: "open" });
    disk = first.copyDisk();
  });

  beforeEach(async () => {
    operator = new Operator({ disk: copyOf(disk) }).start();
    ann = await RawClient.open(operator);
  });

  const copyOf = ({ log, deltas, ...rest }: Disk): Disk => ({
    ...rest,
    log: [...log],
    deltas: [...deltas],
  });

  async function admitted(amount: number): Promise<Uint8Array> {
    const decision = await operator.request(
      ann.envelope("command", probe, call("add", args(amount))),
    );
    if (decision.kind !== "admitted") throw new Error("not admitted");
    return decision.entry;
  }

  /** Code that the enclave ended with, or `done`. */
  function given(enclave: Operator, ...entries: readonly Uint8Array[]): string {
    try {
      enclave.append(...entries);
      return "done";
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      expect(enclave.send({ type: "info", id: 1 }).map(({ type }) => type)).toEqual(["refused"]);
      return error.code;
    }
  }

  /** A new enclave on the log alone comes to where this one is. */
  function expectTheSameFromTheLog(): void {
    const here = operator.info();
    for (const rebuild of [true, false]) {
      const other = new Operator({ disk: operator.copyDisk() });
      other.restore({ rebuild });
      const there = other.info();
      expect([there.height, toHex(there.digest)]).toEqual([here.height, toHex(here.digest)]);
    }
  }

  /** The same boot again: an enclave ends at the first wrong byte. */
  async function again(): Promise<Uint8Array> {
    operator = new Operator({ disk: copyOf(disk) }).start();
    ann = await RawClient.open(operator);
    return admitted(5);
  }

  it("is refused with any one byte changed", async () => {
    const { length } = await admitted(5);
    for (let at = 0; at < length; at++) {
      // All of what says where it comes from, and some of the rest.
      if (at > HEADER && at < length - TAG && at % 11 !== 0) continue;
      const entry = await again();
      const changed = entry.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte));
      const code = at === 0 ? "SEAL_VERSION" : "LOG_ENTRY_BROKEN";
      expect(given(operator, changed), `byte ${at}`).toBe(code);
    }
  }, 120_000);

  it.each<[string, (one: Uint8Array, two: Uint8Array) => Uint8Array]>([
    ["another's body", (one, two) => concat([one.subarray(0, HEADER), two.subarray(HEADER)])],
    ["another's nonce", (one, two) => concat([two.subarray(0, HEADER), one.subarray(HEADER)])],
    ["another's tag", (one, two) => concat([one.subarray(0, -TAG), two.subarray(-TAG)])],
    ["no tag", (one) => one.subarray(0, -TAG)],
    ["a byte less", (one) => one.subarray(0, -1)],
    ["a byte more", (one) => concat([one, Uint8Array.of(0)])],
    ["its header alone", (one) => one.subarray(0, HEADER)],
    ["its nonce and tag alone", (one) => concat([one.subarray(0, HEADER), one.subarray(-TAG)])],
    ["nothing", () => new Uint8Array(0)],
    ["a copy of itself behind it", (one) => concat([one, one])],
    ["another behind it", (one, two) => concat([one, two])],
  ])("is refused with %s", async (_, mix) => {
    const [one, two] = [await admitted(1), await admitted(2)];
    expect(given(operator, mix(one, two))).toBe("LOG_ENTRY_BROKEN");
  });

  it("is refused changed also after it was executed as it was, and in the same message", async () => {
    const entry = await admitted(5);
    const changed = entry.map((byte, i) => (i === HEADER ? byte ^ 1 : byte));
    expect(given(operator, entry, changed)).toBe("LOG_ENTRY_BROKEN");
    const second = await again();
    const other = second.map((byte, i) => (i === second.length - 1 ? byte ^ 1 : byte));
    expect(given(operator, second)).toBe("done");
    expect(given(operator, other)).toBe("LOG_ENTRY_BROKEN");
  });

  it("counts once where it stands twice, in one message and in two", async () => {
    const entry = await admitted(5);
    expect(given(operator, entry, entry)).toBe("done");
    expect(given(operator, entry)).toBe("done");
    expect(told(await ann.query(probe, "peek"))).toBe(5);
    expectTheSameFromTheLog();
  });

  it("may stand at another height than it was admitted for", async () => {
    const held = await admitted(5);
    const others = [await admitted(1), await admitted(2), await admitted(4)];
    for (let ticks = 0; ticks < 3; ticks++) operator.tick();
    expect(given(operator, ...others.toReversed(), held)).toBe("done");
    expect(told(await ann.query(probe, "peek"))).toBe(12);
    expectTheSameFromTheLog();
  });

  it("counts as much when a thousand others were admitted after it and never came", async () => {
    const first = await admitted(5);
    for (let others = 0; others < 1_000; others++) await admitted(100);
    const last = await admitted(7);
    expect(given(operator, first, last)).toBe("done");
    expect(told(await ann.query(probe, "peek"))).toBe(12);
    expectTheSameFromTheLog();
  });

  it("is executed by the enclave that comes after, and counts once there", async () => {
    const [one, two] = [await admitted(5), await admitted(7)];
    expect(given(operator, one)).toBe("done");
    operator.start();
    expect(given(operator, one, two, two)).toBe("done");
    expect(told(await ann.query(probe, "peek"))).toBe(12);
    expectTheSameFromTheLog();
  });

  it("changes a sibling on the same log in the same way", async () => {
    const sibling = new Operator({ disk: operator.copyDisk() });
    sibling.restore();
    const entries = [await admitted(5), await admitted(7)];
    expect(given(operator, ...entries)).toBe("done");
    for (const entry of entries) expect(given(sibling, entry)).toBe("done");
    expect(toHex(sibling.info().digest)).toBe(toHex(operator.info().digest));
  });

  it("is refused by an enclave whose history it does not follow, also by the one that sealed it", async () => {
    const twin = new Operator({ disk: operator.copyDisk() });
    twin.restore();
    expect(given(operator, await admitted(1))).toBe("done");
    const after = await admitted(2);
    expect(given(twin, after)).toBe("LOG_DIVERGED");
    const [executed] = operator.disk.log.slice(-1);
    expect(given(operator, after, executed as Uint8Array)).toBe("done");
    operator.disk.log.splice(-3, 1);
    expect(() => new Operator({ disk: operator.copyDisk() }).restore({ rebuild: true })).toThrow(
      expect.objectContaining({ code: "LOG_DIVERGED" }),
    );
  });

  it("is refused at a height that is not the next, whoever sealed it", async () => {
    for (const by of [-1, 1, 2 ** 32, Number.MAX_SAFE_INTEGER - 1000]) {
      const entry = await again();
      const firstHeight = operator.height + 1 + by;
      const answers = operator.send({ type: "execute", firstHeight, entries: [entry] });
      expect(answers).toMatchObject([{ type: "refused", fault: faults.LOG_DIVERGED.number }]);
    }
  });
});
