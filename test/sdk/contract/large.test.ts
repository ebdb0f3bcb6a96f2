/**
 * Collections of 100,000 entries in the test kit: filled in bulk by commands, and no call dearer for it.
 *
 * Every probe runs on a small collection and on the large one. Gas counts each read, step and byte, so
 * equal gas says that nothing else was touched; and a collection that was loaded whole would cost a
 * thousand times as much.
 *
 * @module
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { build, type BuiltContract } from "#sdk/transform/index.ts";
import { createWorld, type World } from "#sdk/testing/index.ts";
import type { TestContract } from "#sdk/testing/contract/test-contract.ts";

const SMALL = 200;
const LARGE = 100_000;
/** What the contract adds to every key and number, so that they all take the same bytes. */
const BASE = 0x1000_0000n;
/** An entry in the middle of the large one. */
const MIDDLE = 50_000;
/** Numbers take a few more bytes as they grow; one more read of state would cost more than this. */
const GAS_APART = 900;

let built: BuiltContract;
let world: World;
let archive: TestContract;

type Found = { readonly keys: readonly bigint[]; readonly next: Uint8Array | null };

beforeAll(async () => {
  [built] = (await build({ entry: "test/sdk/fixtures/archive.ts" })).contracts as [BuiltContract];
  world = await createWorld({ seed: 1 });
}, 60_000);
beforeEach(async () => {
  archive = await world.deploy(built, { caller: "owner" });
});

async function command(name: string, args: object): Promise<{ value: unknown; gasUsed: number }> {
  return (await archive.command[name]?.(args)) as { value: unknown; gasUsed: number };
}

async function query(name: string, args: object): Promise<{ value: unknown; gasUsed: number }> {
  return (await archive.query[name]?.detailed(args)) as { value: unknown; gasUsed: number };
}

/** Fills up from one size to another with so many entries in a command: about nine tenths of its gas. */
async function fill(name: string, from: number, to: number, atOnce: number): Promise<void> {
  for (let start = from; start < to; start += atOnce) {
    await command(name, { from: start, count: Math.min(atOnce, to - start) });
  }
}

type Probe = (size: number) => Promise<{ readonly gasUsed: number }>;

/** Checks that no probe costs more on the large collection than on the small one. */
async function same(
  probes: Readonly<Record<string, Probe>>,
  grow: () => Promise<void>,
): Promise<void> {
  const before = new Map<string, number>();
  for (const [name, probe] of Object.entries(probes)) {
    before.set(name, (await probe(SMALL)).gasUsed);
  }
  await grow();
  for (const [name, probe] of Object.entries(probes)) {
    const { gasUsed } = await probe(LARGE);
    expect(Math.abs(gasUsed - (before.get(name) ?? 0)), name).toBeLessThanOrEqual(GAS_APART);
  }
}

const key = (index: number): bigint => BASE + BigInt(index);
const from = (start: number, count: number): bigint[] =>
  Array.from({ length: count }, (_, index) => key(start + index));

describe("IndexedMap of 100,000 entries", { timeout: 240_000 }, () => {
  const page = async (name: string, args: object): Promise<Found> =>
    (await query(name, args)).value as Found;

  it("is filled by five commands, and touched for the gas that a small one takes", async () => {
    await fill("fillRecords", 0, SMALL, SMALL);
    const half = (size: number): number => size / 2;
    const near = { from: 0, to: 0, limit: 10, cursor: null };
    await same(
      {
        find: (size) => query("record", { index: half(size) }),
        findNothing: (size) => query("record", { index: size }),
        cheapest: () => query("cheapest", { limit: 10 }),
        dearest: () => query("dearest", { limit: 10 }),
        between: (size) =>
          query("between", {
            ...near,
            from: half(size) / 10,
            to: half(size) / 10 + 5,
            descending: false,
          }),
        backwards: (size) => query("between", { ...near, to: half(size) / 10, descending: true }),
        tagged: () => query("tagged", { tag: "t3", limit: 10, cursor: null }),
        replace: (size) => command("setRecord", { index: half(size), price: 4_000_000 }),
        remove: (size) => command("dropRecord", { index: half(size) }),
        removeNothing: (size) => command("dropRecord", { index: half(size) }),
        insert: (size) => command("setRecord", { index: half(size), price: half(size) / 10 }),
      },
      async () => {
        // What the probes changed is written again with the rest.
        await fill("fillRecords", 0, LARGE, 20_000);
      },
    );
  });

  it("holds in every index what was set, and nothing of what was removed", async () => {
    await fill("fillRecords", 0, LARGE, 20_000);
    await command("dropRecord", { index: MIDDLE });
    await command("dropRecord", { index: MIDDLE + 3 });
    await command("setRecord", { index: MIDDLE + 4, price: 4_000_000 });
    const around = { from: MIDDLE / 10 - 1, to: MIDDLE / 10 + 1, limit: 100, cursor: null };
    const rest = from(MIDDLE - 10, 20).filter((each) => ![0n, 3n, 4n].includes(each - key(MIDDLE)));
    const up = await page("between", { ...around, descending: false });
    expect(up).toEqual({ keys: rest, next: null });
    // Equal prices are in the order of their keys, both ways.
    const down = await page("between", { ...around, descending: true });
    expect(down.keys).toEqual(rest.toReversed());
    expect((await page("dearest", { limit: 2 })).keys).toEqual([key(MIDDLE + 4), key(99_999)]);
  });

  it("is walked through by a second key, page by page, each of the same gas", async () => {
    await fill("fillRecords", 0, LARGE, 20_000);
    const keys: bigint[] = [];
    const gas: number[] = [];
    let cursor: Uint8Array | null = null;
    do {
      const { value, gasUsed } = await query("tagged", { tag: "t7", limit: 1_000, cursor });
      keys.push(...(value as Found).keys);
      cursor = (value as Found).next;
      gas.push(gasUsed);
    } while (cursor !== null);
    expect(keys).toEqual(Array.from({ length: LARGE / 10 }, (_, index) => key(index * 10 + 7)));
    expect(Math.max(...gas) - Math.min(...gas)).toBeLessThan(Math.min(...gas) / 50);

    // Pages that end in the middle of equal prices go on there.
    const some = { from: 0, to: LARGE, limit: 7, descending: false };
    const cheapest: bigint[] = [];
    for (let pages = 0; pages < 9; pages++) {
      const found: Found = await page("between", { ...some, cursor });
      cheapest.push(...found.keys);
      cursor = found.next;
    }
    expect(cheapest).toEqual(from(0, 63));
  });
});

describe("Mapping of 100,000 entries", { timeout: 120_000 }, () => {
  it("is filled by one command, and touched for the gas that a small one takes", async () => {
    await fill("fillValues", 0, SMALL, SMALL);
    const half = (size: number): number => size / 2;
    await same(
      {
        get: (size) => query("value", { index: half(size) }),
        range: (size) => query("keysFrom", { index: half(size) + 1, limit: 20 }),
        set: (size) => command("setValue", { index: half(size), value: 1 }),
        remove: (size) => command("dropValue", { index: half(size) }),
        insert: (size) => command("setValue", { index: half(size), value: 1 }),
      },
      () => fill("fillValues", SMALL, LARGE, LARGE),
    );
    await command("dropValue", { index: MIDDLE + 2 });
    const { value } = await query("keysFrom", { index: MIDDLE, limit: 3 });
    expect(value).toEqual([key(50_000), key(50_001), key(50_003)]);
  });
});

describe("KeySet of 100,000 entries", { timeout: 120_000 }, () => {
  it("is filled by three commands, and touched for the gas that a small one takes", async () => {
    await fill("fillMembers", 0, SMALL, SMALL);
    const half = (size: number): number => size / 2;
    await same(
      {
        has: (size) => query("isMember", { index: half(size) }),
        size: () => query("size", {}),
        range: (size) => query("membersFrom", { index: half(size) + 1, limit: 20 }),
        again: (size) => command("join", { index: half(size) }),
        remove: (size) => command("leave", { index: half(size) }),
        removeNothing: (size) => command("leave", { index: half(size) }),
        insert: (size) => command("join", { index: half(size) }),
      },
      () => fill("fillMembers", SMALL, LARGE, 34_000),
    );
    expect((await query("size", {})).value).toBe(LARGE);
    await command("leave", { index: MIDDLE + 1 });
    expect((await query("size", {})).value).toBe(LARGE - 1);
    const { value } = await query("membersFrom", { index: MIDDLE, limit: 3 });
    expect(value).toEqual([key(50_000), key(50_002), key(50_003)]);
  });
});

describe("List of 100,000 entries", { timeout: 120_000 }, () => {
  it("is filled by three commands, and touched for the gas that a small one takes", async () => {
    await fill("fillLines", 0, SMALL, SMALL);
    const half = (size: number): number => size / 2;
    await same(
      {
        length: () => query("length", {}),
        get: (size) => query("line", { index: half(size) }),
        some: (size) => query("linesFrom", { index: half(size) + 1, count: 20 }),
        set: (size) => command("replace", { index: half(size), value: 7 }),
        push: () => command("push", { value: 8 }),
        pop: () => command("pop", {}),
      },
      () => fill("fillLines", SMALL, LARGE, 45_000),
    );
    expect((await query("length", {})).value).toBe(LARGE);
    const { value } = await query("linesFrom", { index: MIDDLE - 1, count: 3 });
    expect(value).toEqual([key(49_999), key(7), key(50_001)]);
    expect((await command("pop", {})).value).toBe(key(99_999));
    await expect(archive.query["line"]?.({ index: LARGE - 1 })).rejects.toThrow();
  });
});
