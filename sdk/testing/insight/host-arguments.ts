/**
 * What the arguments of a host function say to somebody who watches.
 *
 * Pointers and lengths are the contract's own, so a region that does not exist is left out.
 *
 * @module
 */
import type { GuestMemory } from "#host/vm/memory.ts";
import type { WorldImportKey } from "#host/vm/world.ts";

/** Host functions whose first two arguments are the pointer and length of bytes. */
const BYTES: ReadonlySet<WorldImportKey> = new Set([
  "state.get",
  "state.set",
  "state.remove",
  "state.scan",
]);
/** Host functions whose first two arguments are the pointer and length of UTF-16. */
const TEXT: ReadonlySet<WorldImportKey> = new Set(["events.emit", "secrets.get"]);
/** What is shown of a region at most. */
const SHOWN_BYTES = 128;

/** The key or name that a host function is about, as UTF-8 or raw bytes. */
export function regionOf(
  key: WorldImportKey,
  args: readonly unknown[],
  memory: GuestMemory,
): Uint8Array | undefined {
  const [pointer, length] = args;
  if (typeof pointer !== "number" || typeof length !== "number") return undefined;
  if (BYTES.has(key)) return bytesAt(memory, pointer >>> 0, length >>> 0);
  if (!TEXT.has(key)) return undefined;
  const units = bytesAt(memory, pointer >>> 0, (length >>> 0) * 2);
  return units && new TextEncoder().encode(new TextDecoder("utf-16le").decode(units));
}

/** Bytes of the value that was read or written; null for none, undefined where there is no value. */
export function writtenTo(
  key: WorldImportKey,
  args: readonly unknown[],
  memory: GuestMemory,
): number | null | undefined {
  if (key === "state.set") return Number(args[3]) >>> 0;
  if (key !== "state.get") return undefined;
  // `option<list<u8>>`: tag, pointer, length.
  const area = bytesAt(memory, Number(args[2]) >>> 0, 12);
  if (area === undefined) return undefined;
  const view = new DataView(area.buffer);
  return view.getUint8(0) === 0 ? null : view.getUint32(8, true);
}

/** A copy that costs the contract nothing. */
function bytesAt(memory: GuestMemory, address: number, length: number): Uint8Array | undefined {
  if (length > SHOWN_BYTES) return undefined;
  try {
    memory.region(address, length, 1);
  } catch {
    return undefined;
  }
  return Uint8Array.from({ length }, (_, index) => memory.u8(address + index));
}
