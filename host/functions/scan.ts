/**
 * Host function `scan` of `hermetic:contract/state`: one page of the contract's own keys in byte order.
 *
 * Every step is paid for before it is made, also one over a key that was removed in this call, so that no
 * stretch is walked for nothing. A page is bounded in items and bytes; the contract asks for the next.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { SCAN_BYTES_MAX, SCAN_ITEMS_MAX } from "#protocol/limits.ts";
import { KEY_BYTE_WEIGHT, SCAN_GAS } from "#host/functions/prices.ts";
import type { Bind, RunningCall } from "#host/functions/running.ts";
import { keyBytes, type KeyText } from "#host/state/key.ts";
import { stretchOf, type Stretch } from "#host/state/stretch.ts";

const WORD = 4;
const KEY = "state.scan";
/** `tuple<list<u8>, list<u8>>`: key, value. */
const ITEM_BYTES = 16;
/** `record page`: items, whether there are more. */
const PAGE_BYTES = 12;
/** The WIT flags `scan-options`; other bits mean nothing, as the canonical ABI has it. */
const DESCENDING = 1;
const KEYS_ONLY = 2;

const NO_BYTES = new Uint8Array(0);

type Item = readonly [key: KeyText, value: Uint8Array];

interface Page {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

/**
 * `scan: func(start: list<u8>, end: list<u8>, limit: u32, options: scan-options) -> page`
 *
 * `STATE_SCAN` for a limit of 0 or over {@link SCAN_ITEMS_MAX}, `STATE_KEY` for a bound over its length.
 */
export const stateScan: Bind =
  (call) =>
  (
    startPointer: number,
    startLength: number,
    endPointer: number,
    endLength: number,
    untrustedLimit: number,
    options: number,
    result: number,
  ): void => {
    call.enter(KEY, ((startLength >>> 0) + (endLength >>> 0)) * KEY_BYTE_WEIGHT);
    const limit = untrustedLimit >>> 0;
    if (limit === 0 || limit > SCAN_ITEMS_MAX) {
      throw new Fault("STATE_SCAN", { value: limit, limit: SCAN_ITEMS_MAX });
    }
    const area = call.memory.region(result, PAGE_BYTES, WORD);
    const start = call.memory.readBytes(startPointer, startLength);
    const end = call.memory.readBytes(endPointer, endLength);
    const stretch = stretchOf(start, end, (options & DESCENDING) !== 0);
    writePage(call, area, takePage(call, stretch, limit, (options & KEYS_ONLY) !== 0));
  };

function takePage(call: RunningCall, stretch: Stretch, limit: number, keysOnly: boolean): Page {
  const { state } = call.environment;
  call.gas.charge(SCAN_GAS.order * state.unordered);
  const items: Item[] = [];
  let bytes = 0;
  const walk = state.walk(stretch);
  for (;;) {
    call.gas.charge(SCAN_GAS.step);
    const { done, value: step } = walk.next();
    if (done === true) return { items, hasMore: false };
    const [key, found] = step;
    if (found === undefined) continue;
    const value = keysOnly ? NO_BYTES : found;
    bytes += key.length + value.length;
    const isFull = items.length === limit || (items.length > 0 && bytes > SCAN_BYTES_MAX);
    if (isFull) return { items, hasMore: true };
    call.chargeBytes(KEY, key.length * KEY_BYTE_WEIGHT + value.length);
    items.push([key, value]);
  }
}

function writePage(call: RunningCall, area: number, { items, hasMore }: Page): void {
  const { memory } = call;
  call.gas.charge(SCAN_GAS.item * items.length);
  const list = memory.allocate(items.length * ITEM_BYTES, WORD);
  for (const [index, [key, value]] of items.entries()) {
    const at = list + index * ITEM_BYTES;
    writeBytes(call, at, keyBytes(key));
    writeBytes(call, at + 2 * WORD, value);
  }
  memory.setU32(area, list);
  memory.setU32(area + WORD, items.length);
  memory.setU8(area + 2 * WORD, hasMore ? 1 : 0);
}

/** Writes a list and, at `at`, where it lies. Nothing is allocated for an empty one. */
function writeBytes({ memory }: RunningCall, at: number, bytes: Uint8Array): void {
  const address = bytes.length === 0 ? 0 : memory.writeBytes(bytes);
  memory.setU32(at, address);
  memory.setU32(at + WORD, bytes.length);
}
