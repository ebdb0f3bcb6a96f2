/**
 * Caps of one contract's queries, and that they are its own.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import {
  QUERY_BYTES_MAX,
  QUERY_CALLS_MAX,
  QUERY_CALLS_PER_ACCOUNT,
  QUERY_GAS_BURST,
  QUERY_GAS_PER_SECOND,
} from "#protocol/limits.ts";
import { Usage } from "#exec/usage.ts";

const one = new Uint8Array(32).fill(1);
const other = new Uint8Array(32).fill(2);
const ann = new Uint8Array(32).fill(3);
const busy = expect.objectContaining({ code: "BUSY" }) as Error;

/** Some account, for each number another. */
function account(index: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, index);
  return bytes;
}

describe("Usage", () => {
  it("bounds the calls of a contract that do not end at once, and never the others", () => {
    const usage = new Usage();
    const places = Array.from({ length: QUERY_CALLS_MAX }, (_, index) =>
      usage.begin(one, account(index), 0).suspend(),
    );
    const late = usage.begin(one, ann, 0);
    expect(late.hasRoom).toBe(false);
    expect(() => late.suspend()).toThrow(busy);
    late.end(5);
    usage.begin(other, ann, 0).suspend()();
    places[0]?.();
    late.suspend()();
    expect(usage.of(one)).toMatchObject({ refused: 1, gasUsed: 5, underWay: QUERY_CALLS_MAX - 1 });
    expect(usage.of(other)).toMatchObject({ calls: 1, refused: 0, underWay: 0 });
  });

  it("bounds those of one account, so that others find a place", () => {
    const usage = new Usage();
    const places = Array.from({ length: QUERY_CALLS_PER_ACCOUNT }, () =>
      usage.begin(one, ann, 0).suspend(),
    );
    const [late, another] = [usage.begin(one, ann, 0), usage.begin(one, account(1), 0)];
    expect([late.hasRoom, another.hasRoom]).toEqual([false, true]);
    expect(() => late.suspend()).toThrow(busy);
    another.suspend()();
    for (const leave of places) leave();
    expect(usage.begin(one, ann, 0).hasRoom).toBe(true);
    usage.begin(one, ann, 0).suspend()();
    expect(usage.of(one).underWay).toBe(0);
  });

  it("counts what no call pays besides what calls use", () => {
    const usage = new Usage();
    const taken = usage.begin(one, ann, 0);
    taken.spendBeside(700);
    taken.spend(30);
    taken.end(100);
    expect(usage.of(one).gasUsed).toBe(800);
  });

  it("bounds the memory that they hold together, and takes it back when they end", () => {
    const usage = new Usage();
    const first = usage.begin(one, ann, 0);
    const second = usage.begin(one, ann, 0);
    first.hold(QUERY_BYTES_MAX);
    expect(() => second.hold(1)).toThrow(busy);
    usage.begin(other, ann, 0).hold(QUERY_BYTES_MAX);
    first.hold(QUERY_BYTES_MAX - 1);
    second.hold(1);
    first.end(0);
    second.hold(QUERY_BYTES_MAX);
    second.end(0);
    expect(usage.of(one).heldBytes).toBe(0);
  });

  it("lets no long call go on when the contract has used its time up, until time has passed", () => {
    const usage = new Usage();
    const running = usage.begin(one, ann, 0);
    running.goOn(1);
    usage.begin(one, ann, 0).end(QUERY_GAS_BURST);
    expect(() => usage.begin(one, ann, 0).goOn(1)).toThrow(busy);
    // What ends at once is served all the same, and what was going on goes on.
    usage.begin(one, ann, 0).end(1);
    running.goOn(1);
    usage.begin(other, ann, 0).goOn(1);
    usage.begin(one, ann, 10).goOn(1);
    usage.begin(one, ann, 10).end((QUERY_GAS_PER_SECOND * 10) / 1000);
    expect(() => usage.begin(one, ann, 10).goOn(1)).toThrow(busy);
    // A clock that runs back gives nothing.
    for (const nowMs of [5, 10]) expect(() => usage.begin(one, ann, nowMs).goOn(1)).toThrow(busy);
  });

  it("does not hold more against a contract than one burst", () => {
    const usage = new Usage();
    const taken = Array.from({ length: 20 }, () => usage.begin(one, ann, 0));
    for (const query of taken) query.end(QUERY_GAS_BURST);
    const recoveredMs = (QUERY_GAS_BURST / QUERY_GAS_PER_SECOND) * 1000;
    expect(() => usage.begin(one, ann, recoveredMs).goOn(0)).toThrow(busy);
    usage.begin(one, ann, recoveredMs + 1).goOn(0);
  });

  it("counts gas once, whether it was counted before the end or not", () => {
    const usage = new Usage();
    const taken = usage.begin(one, ann, 0);
    taken.goOn(10);
    taken.spend(5);
    taken.end(20);
    expect(usage.of(one).gasUsed).toBe(20);
  });

  it("forgets quiet contracts, never one with a call under way", () => {
    const usage = new Usage();
    const leave = usage.begin(one, ann, 0).suspend();
    usage.begin(other, ann, 0).end(7);
    for (let index = 0; index < 10_500; index++) usage.begin(account(index), ann, 0).end(1);
    expect(usage.of(one).underWay).toBe(1);
    expect(usage.of(other).gasUsed).toBe(0);
    leave();
    expect(usage.of(one).underWay).toBe(0);
  });
});
