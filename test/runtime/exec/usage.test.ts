/**
 * Caps of one contract's queries, and that they are its own.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import {
  QUERY_BYTES_MAX,
  QUERY_CALLS_MAX,
  QUERY_GAS_BURST,
  QUERY_GAS_PER_SECOND,
} from "#protocol/limits.ts";
import { Usage } from "#exec/usage.ts";

const one = new Uint8Array(32).fill(1);
const other = new Uint8Array(32).fill(2);
const busy = expect.objectContaining({ code: "BUSY" }) as Error;

describe("Usage", () => {
  it("bounds the queries of a contract that are under way", () => {
    const usage = new Usage();
    const taken = Array.from({ length: QUERY_CALLS_MAX }, () => usage.begin(one, 0));
    expect(() => usage.begin(one, 0)).toThrow(busy);
    usage.begin(other, 0).end(0);
    taken[0]?.end(0);
    usage.begin(one, 0).end(0);
    expect(usage.of(one)).toMatchObject({ refused: 1, underWay: QUERY_CALLS_MAX - 1 });
    expect(usage.of(other)).toMatchObject({ calls: 1, refused: 0, underWay: 0 });
  });

  it("bounds the memory that they hold together, and takes it back when they end", () => {
    const usage = new Usage();
    const first = usage.begin(one, 0);
    const second = usage.begin(one, 0);
    first.hold(QUERY_BYTES_MAX);
    expect(() => second.hold(1)).toThrow(busy);
    usage.begin(other, 0).hold(QUERY_BYTES_MAX);
    first.hold(QUERY_BYTES_MAX - 1);
    second.hold(1);
    first.end(0);
    second.hold(QUERY_BYTES_MAX);
    second.end(0);
    expect(usage.of(one).heldBytes).toBe(0);
  });

  it("refuses a contract that has used its time up until time has passed", () => {
    const usage = new Usage();
    usage.begin(one, 0).end(QUERY_GAS_BURST);
    expect(() => usage.begin(one, 0)).toThrow(busy);
    usage.begin(other, 0).end(0);
    usage.begin(one, 10).end((QUERY_GAS_PER_SECOND * 10) / 1000);
    expect(() => usage.begin(one, 10)).toThrow(busy);
    // A clock that runs back gives nothing.
    expect(() => usage.begin(one, 5)).toThrow(busy);
    expect(() => usage.begin(one, 10)).toThrow(busy);
    expect(usage.of(one).gasUsed).toBe(QUERY_GAS_BURST + QUERY_GAS_PER_SECOND / 100);
  });

  it("does not hold more against a contract than one burst", () => {
    const usage = new Usage();
    const taken = Array.from({ length: 20 }, () => usage.begin(one, 0));
    for (const query of taken) query.end(QUERY_GAS_BURST);
    const recoveredMs = (QUERY_GAS_BURST / QUERY_GAS_PER_SECOND) * 1000;
    expect(() => usage.begin(one, recoveredMs)).toThrow(busy);
    usage.begin(one, recoveredMs + 1).end(0);
  });

  it("forgets quiet contracts, never one with a query under way", () => {
    const usage = new Usage();
    const address = (index: number) => {
      const bytes = new Uint8Array(32);
      new DataView(bytes.buffer).setUint32(0, index);
      return bytes;
    };
    const held = usage.begin(one, 0);
    usage.begin(other, 0).end(7);
    for (let index = 0; index < 10_500; index++) usage.begin(address(index), 0).end(1);
    expect(usage.of(one).underWay).toBe(1);
    held.end(0);
    expect(usage.of(one).underWay).toBe(0);
  });
});
