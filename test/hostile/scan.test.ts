/**
 * ATTACKS C 39: scans of state. Iteration is paged, every step is paid for, and bounds cannot be crossed.
 */
import { describe, expect, it } from "vitest";
import { SCAN_BYTES_MAX, SCAN_ITEMS_MAX } from "#protocol/limits.ts";
import { SCAN_GAS } from "#host/functions/prices.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { admitContract, ending, RESULT, run, word } from "#test/support/contract.ts";
import { add, call, constant, get, type Code } from "#test/support/wasm.ts";

const PLENTY = 400_000_000;
const DESCENDING = 1;
const KEYS_ONLY = 2;
/** Never gives the same place twice: global 0 is where free memory starts. */
const bump: Code = [
  ...[0x23, 0],
  ...[0x23, 0, ...get(3), add, ...constant(7), add, ...constant(-8), 0x71, 0x24, 0],
];

interface Scan {
  readonly start?: readonly [pointer: number, length: number];
  readonly end?: readonly [pointer: number, length: number];
  readonly limit?: number;
  readonly options?: number;
  readonly area?: number;
}

/** One scan; the result is its page: where items lie, how many, and whether there are more. */
function scanner(scan: Scan = {}): AdmittedModule {
  const { start = [0, 0], end = [0, 0], limit = 10, options = 0, area = 64 } = scan;
  const values = [...start, ...end, limit, options, area];
  const command = [
    ...values.flatMap((value) => constant(value)),
    ...call(0),
    ...[...word(RESULT, area), ...word(RESULT + 4, 12), ...constant(RESULT)],
  ];
  const imports = ["state.scan"] as const;
  // (global (mut i32) (i32.const 1024))
  const globals = [[0x7f, 1, ...constant(1_024), 0x0b]];
  return admitContract({ imports, globals, command, query: command, realloc: bump });
}

function page(
  state: Overlay,
  scan: Scan = {},
  gas: number = PLENTY,
): [count: number, more: boolean] | string {
  const outcome = run(scanner(scan), { state }, gas);
  if (outcome.end.kind !== "returned") return ending(outcome);
  const view = new DataView(outcome.end.value.buffer);
  return [view.getUint32(4, true), view.getUint8(8) === 1];
}

function stateOf(count: number, valueBytes = 1): ContractState {
  const value = new Uint8Array(valueBytes);
  return new ContractState(
    Array.from({ length: count }, (_, index) => [Uint8Array.of(index >> 8, index & 255), value]),
  );
}

describe("39: a scan", () => {
  it("gives a page of at most its limit, and tells whether there is more", () => {
    const state = new Overlay(stateOf(10));
    expect(page(state, { limit: 9 })).toEqual([9, true]);
    expect(page(state, { limit: 10 })).toEqual([10, false]);
    expect(page(state, { limit: 11, options: DESCENDING | KEYS_ONLY })).toEqual([10, false]);
    expect(page(new Overlay(stateOf(0)))).toEqual([0, false]);
  });

  it("does not count removed keys, nor says there is more where only they follow", () => {
    const state = new Overlay(stateOf(10));
    for (let index = 5; index < 10; index++) state.remove(Uint8Array.of(0, index));
    expect(page(state, { limit: 5 })).toEqual([5, false]);
    expect(page(state, { limit: 4 })).toEqual([4, true]);
  });

  it.each([0, SCAN_ITEMS_MAX + 1, -1])("refuses a limit of %i", (limit) => {
    expect(page(new Overlay(stateOf(1)), { limit })).toBe("STATE_SCAN");
  });

  it("refuses bounds that are too long or outside of memory, and a page that would lie there", () => {
    const state = new Overlay(stateOf(1));
    expect(page(state, { start: [0, 129], end: [0, 129] })).toEqual([0, false]);
    expect(page(state, { start: [0, 130] })).toBe("STATE_KEY");
    expect(page(state, { end: [0, 130] })).toBe("STATE_KEY");
    expect(page(state, { start: [-4, 8] })).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(page(state, { end: [0, -1] }, 4_000_000_000)).toBe("OUT_OF_GAS");
    expect(page(state, { area: -8 })).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(page(state, { area: 66 })).toBe("ABI_VIOLATION");
  });

  it("ends a page before it exceeds its bytes, but never before its first item", () => {
    const half = SCAN_BYTES_MAX / 2;
    expect(page(new Overlay(stateOf(4, half - 2)))).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(page(new Overlay(stateOf(4, half - 2)), { options: KEYS_ONLY })).toEqual([4, false]);
    // 64 KiB of memory: two items of 20,000 bytes fit, and are all that a limit of two asks for.
    expect(page(new Overlay(stateOf(4, 20_000)), { limit: 2 })).toEqual([2, true]);
  });

  it("runs out of gas before it steps further than what is left pays for", () => {
    let steps = 0;
    const state = new Overlay(stateOf(1_000));
    const walk = state.walk.bind(state);
    state.walk = function* (stretch) {
      for (const step of walk(stretch)) {
        steps++;
        yield step;
      }
    };
    const gas = 200_000;
    expect(page(state, { limit: SCAN_ITEMS_MAX }, gas)).toBe("OUT_OF_GAS");
    expect(steps).toBeGreaterThan(0);
    expect(steps * SCAN_GAS.step).toBeLessThan(gas);
  });

  it("pays for every key that was removed in the same call, each time", () => {
    const state = new Overlay(stateOf(2_000));
    for (let index = 0; index < 2_000; index++) {
      state.remove(Uint8Array.of(index >> 8, index & 255));
    }
    const first = run(scanner(), { state }, PLENTY).gasUsed;
    const second = run(scanner(), { state }, PLENTY).gasUsed;
    expect(second).toBeGreaterThan(2_000 * SCAN_GAS.step);
    expect(first - second).toBe(2_000 * SCAN_GAS.order);
  });

  it("is there in a query too, and costs the same", () => {
    const state = new Overlay(stateOf(10));
    const used = (["command", "query"] as const).map(
      (mode) => run(scanner(), { state, mode }).gasUsed,
    );
    expect(used[0]).toBe(used[1]);
  });
});
