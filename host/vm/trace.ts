/**
 * Turns an engine's stack trace into offsets in the contract's own code.
 *
 * The text never leaves: only numbers do, and only where a test kit asked for the offset map.
 *
 * @module
 */
import { TRACE_MAX } from "#protocol/reply.ts";
import type { Offsets } from "#host/vm/meter/offsets.ts";

const FRAME = /wasm-function\[\d+\]:0x([0-9a-f]+)/g;

/** Byte offsets in the original core module, innermost frame first; {@link TRACE_MAX} at most. */
export function traceOf(stack: string | undefined, offsets: Offsets): number[] {
  const trace: number[] = [];
  for (const [, hex] of (stack ?? "").matchAll(FRAME)) {
    const original = offsets.original(Number.parseInt(hex ?? "", 16));
    if (original !== undefined && trace.length < TRACE_MAX) trace.push(original);
  }
  return trace;
}
