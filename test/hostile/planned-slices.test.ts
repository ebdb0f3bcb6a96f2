/**
 * ATTACKS A and B: planned calls that take long, and what is seen and done while their height is made.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { FIRST_SLICE_GAS, SLICE_GAS } from "#protocol/limits.ts";
import { parseSchedule, type Schedule } from "#protocol/schedule.ts";
import { fixture } from "#test/support/fixtures.ts";
import { Operator } from "#test/support/operator.ts";
import {
  call,
  ending,
  RawClient,
  replyOf,
  valueOf,
  type Result,
} from "#test/support/raw-client.ts";
import { startWith } from "#test/support/started.ts";
import { args, returned, told } from "#test/support/values.ts";

/** Gas that a long planned call may use: many slices, and there is time for it beside short ones. */
const MUCH = 30_000_000;
/** Time that brings gas for planned calls. */
const WHILE_MS = 10_000;

describe("a height with planned calls that take long", () => {
  let operator: Operator;
  let ann: RawClient;
  let clockwork: Uint8Array;

  beforeEach(async () => {
    ({ operator, ann, contract: clockwork } = await startWith("clockwork"));
    await ann.command(clockwork, "litter");
  });

  const plan = async (height: number, method: string, gas = MUCH): Promise<void> => {
    const result = await ann.command(clockwork, "plan", args(height, method, gas));
    expect(ending(result)).toBe("returned");
  };

  const scheduleNow = async (): Promise<Schedule> => {
    const envelope = ann.envelope("query", clockwork, { op: "schedule" });
    return parseSchedule(valueOf(await ann.submit(envelope)));
  };

  const admitted = async (method: string) => {
    const envelope = ann.envelope("command", clockwork, call(method));
    const decision = await operator.request(envelope);
    if (decision.kind !== "admitted") throw new Error("no entry");
    const isTold = (): boolean => operator.replies.has(toHex(decision.requestId));
    const read = async (): Promise<Result> =>
      ann.read(envelope, { kind: "answered", reply: await operator.reply(decision.requestId) });
    return { entry: decision.entry, read, isTold };
  };

  /** Plans a short call, a long one and another for the height of a command, and begins it. */
  async function begun(method: string): ReturnType<typeof admitted> {
    const at = operator.height + 4;
    operator.clockMs += WHILE_MS;
    await plan(at, "strike", 1_000_000);
    await plan(at, "sweep", 1_000_000);
    await plan(at, "toil");
    const command = await admitted(method);
    operator.append(command.entry);
    expect(operator.height).toBe(at);
    expect(command.isTold()).toBe(false);
    return command;
  }

  it("answers queries meanwhile, as of the height before", async () => {
    const before = operator.info();
    const { read, isTold } = await begun("work");
    const height = operator.info().height;
    expect(height).toBe(before.height + 3);
    for (let i = 0; i < 3; i++) {
      const reply = replyOf(await ann.query(clockwork, "struck"));
      expect(told(await ann.query(clockwork, "struck"))).toBe(0);
      expect(reply.height).toBe(height);
    }
    expect((await scheduleNow()).plans).toHaveLength(4);
    expect(isTold()).toBe(false);
    // The command comes after what was planned for its height.
    const struck = returned(await read());
    expect(struck).not.toBe(0);
    expect(told(await ann.query(clockwork, "struck"))).toBe(struck);
  });

  it("keeps a query that began before it, and one that began in it, on their heights", async () => {
    const { read } = await begun("work");
    const seen = ann.query(clockwork, "lookLong");
    await read();
    expect(told(await seen)).toBe(0);
    expect(told(await ann.query(clockwork, "lookLong"))).not.toBe(0);
  });

  it("comes to the same digest in one piece, in slices and from deltas", async () => {
    const command = await begun("work");
    expect(ending(await command.read())).toBe("returned");
    await plan(operator.height + 2, "toil", FIRST_SLICE_GAS + SLICE_GAS);
    expect(ending(await (await begun("idle")).read())).toBe("returned");
    const { digest, height } = operator.info();
    for (const options of [{}, { rebuild: true }]) {
      operator.restore(options);
      const again = operator.info();
      expect([again.height, toHex(again.digest)]).toEqual([height, toHex(digest)]);
    }
  });

  it("is in a snapshot as a whole", async () => {
    const { read } = await begun("work");
    const frames = operator.frames.length;
    expect(operator.makeSnapshot().pieces).toEqual([]);
    expect(operator.frames.length).toBe(frames);
    await read();
    const snapshot = await operator.snapshotMade();
    expect(snapshot.height).toBe(operator.height);
    const { digest } = operator.info();
    operator.disk.snapshot = snapshot;
    operator.restore();
    expect(toHex(operator.info().digest)).toBe(toHex(digest));
  });

  it("takes commands in meanwhile, and executes each once", async () => {
    const { read } = await begun("work");
    const next = await admitted("idle");
    expect(ending(await read())).toBe("returned");
    operator.append(next.entry);
    expect(ending(await next.read())).toBe("returned");
    const { runs } = await scheduleNow();
    expect(runs.filter(({ method }) => method === "toil")).toMatchObject([{ end: "returned" }]);
  });

  it("tells nothing once the operator has sent what may not come now", async () => {
    await begun("work");
    expect(operator.makeSnapshot().pieces).toEqual([]);
    const [answer] = operator.send({ type: "execute", firstHeight: 1, entries: [] });
    expect(answer).toMatchObject({ type: "refused" });
    const frames = operator.frames.length;
    for (let turn = 0; turn < 2_000; turn++)
      await new Promise((resolve) => void setImmediate(resolve));
    expect(operator.frames.length).toBe(frames);
    expect(operator.aborted).toBeUndefined();
  });
});

describe("many commands that each take less than a slice", () => {
  it("let others run when they have taken one together", async () => {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator, 1);
    const probe = await ann.deployed(await fixture("probe"), { method: "open" });
    const commands = [];
    const rounds = 50_000;
    const gas = replyOf(await ann.command(probe, "grindInto", args(rounds))).gasUsed;
    expect(gas).toBeGreaterThan(SLICE_GAS);
    expect(gas).toBeLessThan(FIRST_SLICE_GAS);
    for (let i = 0; i < 4; i++) {
      const envelope = ann.envelope("command", probe, call("grindInto", args(rounds)));
      const decision = await operator.request(envelope);
      if (decision.kind !== "admitted") throw new Error("no entry");
      commands.push(decision);
    }
    operator.append(...commands.map(({ entry }) => entry));
    const areTold = commands.map(({ requestId }) => operator.replies.has(toHex(requestId)));
    expect(areTold[0]).toBe(true);
    expect(areTold.at(-1)).toBe(false);
    await Promise.all(commands.map(({ requestId }) => operator.reply(requestId)));
  });
});
