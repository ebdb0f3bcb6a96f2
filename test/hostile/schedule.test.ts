/**
 * Planned calls: what they may do, who is told, and that no number of them holds up anybody else.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import {
  SCHEDULED_FAILURES_MAX,
  SCHEDULED_GAS_MAX,
  SCHEDULED_PER_CONTRACT_MAX,
  SCHEDULED_PER_HEIGHT_MAX,
  SCHEDULED_RUNS_MAX,
} from "#protocol/limits.ts";
import { parseSchedule, type Schedule } from "#protocol/schedule.ts";
import { fixture } from "#test/support/fixtures.ts";
import { Operator } from "#test/support/operator.ts";
import { ending, RawClient, replyOf, valueOf } from "#test/support/raw-client.ts";
import { startWith } from "#test/support/started.ts";
import { args, returned, told } from "#test/support/values.ts";

const EVERY = 3;

let operator: Operator;
let ann: RawClient;
let clockwork: Uint8Array;

beforeEach(async () => {
  ({ operator, ann, contract: clockwork } = await startWith("clockwork"));
});

/** Lets heights pass. */
async function pass(heights: number, contract: Uint8Array = clockwork): Promise<void> {
  for (let i = 0; i < heights; i++)
    expect(ending(await ann.command(contract, "idle"))).toBe("returned");
}

async function scheduleOf(contract: Uint8Array = clockwork): Promise<Schedule> {
  const envelope = ann.envelope("query", contract, { op: "schedule" });
  return parseSchedule(valueOf(await ann.submit(envelope)));
}

const asked = async (method: string, contract: Uint8Array = clockwork): Promise<unknown> =>
  told(await ann.query(contract, method));

describe("an @every method", () => {
  it("runs at every so many heights from deployment on, as the contract itself", async () => {
    const born = operator.height;
    await pass(EVERY - 1);
    expect(await asked("counted")).toBe(0);
    await pass(1);
    expect(await asked("counted")).toBe(1);
    expect(await asked("lastHeight")).toBe(born + EVERY);
    expect(await asked("lastCaller")).toEqual(clockwork);
    await pass(2 * EVERY);
    expect(await asked("counted")).toBe(3);
  });

  it("is called by nobody else", async () => {
    expect(ending(await ann.command(clockwork, "tick"))).toBe("CALLER_REFUSED");
    expect(ending(await ann.query(clockwork, "tick"))).toBe("METHOD_UNKNOWN");
  });

  it("tells its public events to whoever listens, with their height", async () => {
    await pass(EVERY);
    expect(operator.events).toMatchObject([
      { contract: clockwork, height: operator.height, name: "Struck" },
    ]);
  });

  it.each([
    ["traps", 1, { fault: "TRAP" }],
    ["never ends", 2, { fault: "OUT_OF_GAS" }],
    ["throws an error", 3, { error: "Stuck" }],
    ["asks the outside world", 4, { fault: "MODE_REFUSED" }],
    ["writes too much", 5, { fault: "STATE_WRITE_SET" }],
  ])("that %s changes nothing, and its owner can see it", async (_, how, end) => {
    await ann.command(clockwork, "behave", args(how));
    await pass(EVERY - 1);
    expect(await asked("counted")).toBe(0);
    const { plans, runs } = await scheduleOf();
    expect(runs).toMatchObject([{ method: "tick", end }]);
    expect(plans).toMatchObject([{ method: "tick", every: EVERY, failures: 1 }]);
    expect(operator.events).toEqual([]);
  });

  it("stops after some failures in a row, and not before", async () => {
    await ann.command(clockwork, "behave", args(3));
    await pass(EVERY * (SCHEDULED_FAILURES_MAX - 1) - 1);
    expect((await scheduleOf()).plans).toMatchObject([{ failures: SCHEDULED_FAILURES_MAX - 1 }]);
    await ann.command(clockwork, "behave", args(0));
    await pass(EVERY - 1);
    expect((await scheduleOf()).plans).toMatchObject([{ failures: 0 }]);
    await ann.command(clockwork, "behave", args(3));
    await pass(EVERY * SCHEDULED_FAILURES_MAX);
    const { plans, runs } = await scheduleOf();
    expect(plans).toEqual([]);
    expect(runs.length).toBeLessThanOrEqual(SCHEDULED_RUNS_MAX);
  });

  it("of the old code ends at an upgrade, and of a destroyed contract for ever", async () => {
    const code = await fixture("probe");
    expect(ending(await ann.upgrade(clockwork, code))).toBe("returned");
    expect((await scheduleOf()).plans).toEqual([]);
    expect(ending(await ann.upgrade(clockwork, await fixture("clockwork"), { version: 1 }))).toBe(
      "returned",
    );
    expect((await scheduleOf()).plans).toMatchObject([{ method: "tick", every: EVERY }]);
    expect(ending(await ann.end("destroy", clockwork, 2))).toBe("returned");
    const other = await ann.deployed(await fixture("clockwork"), {
      method: "init",
      salt: Uint8Array.of(1),
    });
    await pass(2 * EVERY, other);
    expect(await asked("counted", other)).toBe(2);
  });
});

describe("a planned call", () => {
  it("runs once at its height, or at the next one if that has passed", async () => {
    const at = operator.height + 4;
    const id = returned(await ann.command(clockwork, "plan", args(at, "strike", 1_000_000)));
    expect(returned(await ann.command(clockwork, "plan", args(1, "strike", 1_000_000)))).not.toBe(
      id,
    );
    await pass(1);
    expect(await asked("struck")).toBe(1);
    await pass(1);
    expect(await asked("struck")).toBe(2);
    expect(await asked("lastHeight")).toBe(at);
    await pass(5);
    expect(await asked("struck")).toBe(2);
  });

  it("is forgotten with the command that planned it, and can be taken back once", async () => {
    expect(ending(await ann.command(clockwork, "planThenFail", args(1)))).toBe("Stuck");
    expect((await scheduleOf()).plans).toHaveLength(1);
    const far = operator.height + 100;
    const id = returned(await ann.command(clockwork, "plan", args(far, "strike", 0))) as number;
    expect(returned(await ann.command(clockwork, "cancel", args(id)))).toBe(true);
    expect(returned(await ann.command(clockwork, "cancel", args(id)))).toBe(false);
    expect((await scheduleOf()).plans).toHaveLength(1);
  });

  it("is no business of a query, nor of anybody but the owner", async () => {
    expect(await asked("planInQuery")).toBe("MODE_REFUSED");
    const eve = await RawClient.open(operator, 2);
    const envelope = eve.envelope("query", clockwork, { op: "schedule" });
    expect(ending(await eve.submit(envelope))).toBe("OWNER_ONLY");
  });

  it("of a method that is not there fails, visibly", async () => {
    await ann.command(clockwork, "plan", args(1, "nothing", 1_000_000));
    await pass(1);
    expect((await scheduleOf()).runs).toMatchObject([
      { method: "nothing", end: { fault: "METHOD_UNKNOWN" } },
    ]);
  });

  it("is paid for by whoever plans it", async () => {
    const idle = replyOf(await ann.command(clockwork, "idle")).gasUsed;
    const planned = await ann.command(clockwork, "plan", args(1e6, "strike", SCHEDULED_GAS_MAX));
    expect(replyOf(planned).gasUsed).toBeGreaterThan(idle + SCHEDULED_GAS_MAX);
    const poor = await ann.command(clockwork, "plan", args(1e6, "strike", SCHEDULED_GAS_MAX), 1e6);
    expect(ending(poor)).toBe("OUT_OF_GAS");
  });

  it("is the same after every restart and replay", async () => {
    await ann.command(clockwork, "plan", args(operator.height + 6, "strike", 1_000_000));
    await pass(4);
    operator.takeSnapshot();
    operator.start();
    await pass(4);
    expect(await asked("struck")).toBe(1);
    const digest = toHex(operator.info().digest);
    operator.restore();
    expect(toHex(operator.info().digest)).toBe(digest);
    operator.restore({ rebuild: true });
    expect(toHex(operator.info().digest)).toBe(digest);
  });
});

describe("a tick", () => {
  it("lets what is planned come about where nobody calls, and only where something is", async () => {
    const at = operator.height + 2;
    await ann.command(clockwork, "plan", args(at + 1, "strike", 1_000_000));
    for (const _ of [1, 2]) expect(operator.tick(false)).toBe(true);
    expect(await asked("struck")).toBe(1);
    await ann.end("destroy", clockwork);
    expect(operator.tick(false)).toBe(false);
    expect(operator.tick()).toBe(true);
  });

  it("is refused to an operator whose enclave is not serving", () => {
    const idle = new Operator();
    idle.spawn();
    idle.tell(idle.bootMessage());
    expect(() => idle.tick()).toThrow("MESSAGE_MALFORMED");
  });
});

describe("84: a bomb of planned calls", () => {
  it("is refused at the exact bound, for each contract", async () => {
    const most = SCHEDULED_PER_CONTRACT_MAX - 1;
    expect(ending(await ann.command(clockwork, "planMany", args(most + 1, 1, 0)))).toBe(
      "SCHEDULE_LIMIT",
    );
    expect(ending(await ann.command(clockwork, "planMany", args(most, 100, 0)))).toBe("returned");
    expect(ending(await ann.command(clockwork, "plan", args(1, "strike", 0)))).toBe(
      "SCHEDULE_LIMIT",
    );
    const gas = SCHEDULED_GAS_MAX + 1;
    expect(ending(await ann.command(clockwork, "plan", args(1, "strike", gas)))).toBe(
      "SCHEDULE_LIMIT",
    );
    const never = 2n ** 64n - 1n;
    expect(ending(await ann.command(clockwork, "plan", args(never, "strike", 0)))).toBe(
      "SCHEDULE_LIMIT",
    );
  });

  it("runs a few at each height, all of them in the end", async () => {
    const count = SCHEDULED_PER_CONTRACT_MAX - 1;
    await ann.command(clockwork, "planMany", args(count, 1, 1_000_000));
    await pass(1);
    expect(await asked("struck")).toBe(SCHEDULED_PER_HEIGHT_MAX);
    await pass(10);
    expect(await asked("struck")).toBe(count);
  });

  it("gets a tenth of the time that passes, however much there is of it", async () => {
    await ann.command(clockwork, "behave", args(2));
    const salts = Array.from({ length: 8 }, (_, i) => Uint8Array.of(i));
    for (const salt of salts) {
      const one = await ann.deployed(await fixture("clockwork"), { method: "init", salt });
      await ann.command(one, "behave", args(2));
    }
    // No time passes: what there was at the start is used up, and then nothing runs.
    await pass(40);
    const runs = async (): Promise<number> => (await scheduleOf()).runs.length;
    const stopped = await runs();
    await pass(20);
    expect(await runs()).toBe(stopped);
    operator.clockMs += 10_000;
    await pass(20);
    expect(await runs()).toBeGreaterThan(stopped);
  });

  it("that plans itself twice each time dies out", async () => {
    await ann.command(clockwork, "plan", args(1, "again", 50_000_000));
    for (let i = 0; i < 12; i++) {
      operator.clockMs += 10_000;
      await pass(1);
    }
    const { plans } = await scheduleOf();
    expect(plans.map(({ method }) => method)).toEqual(["tick"]);
    expect(await asked("struck")).toBeLessThan(4);
  });

  it("that is planned and taken back leaves nothing behind", async () => {
    await pass(1);
    const size = (): number =>
      operator.makeSnapshot().pieces.reduce((sum, { length }) => sum + length, 0);
    const before = size();
    for (let i = 0; i < 5; i++) await ann.command(clockwork, "churn", args(100));
    expect(Math.abs(size() - before)).toBeLessThan(1024);
    expect((await scheduleOf()).plans).toHaveLength(1);
  });
});
