/**
 * Small byte helpers: joining, comparing, framing, hexadecimal.
 *
 * Every hash, signature and key derivation goes through {@link framed}, so two different lists of
 * parts can never have the same bytes.
 *
 * @module
 */

const encoder = new TextEncoder();

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** One array holding all parts, in order. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Four bytes, big-endian. @param value - Integer from 0 to 2^32 - 1. */
export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** Eight bytes, big-endian. @param value - Integer from 0 to 2^53 - 1. */
export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(value / 2 ** 32));
  view.setUint32(4, value >>> 0);
  return bytes;
}

/** Labels are constants of the program: each is encoded once, behind its length. */
const framedLabels = new Map<string, Uint8Array>();

function framedLabel(label: string): Uint8Array {
  let framedBytes = framedLabels.get(label);
  if (framedBytes === undefined) {
    const bytes = utf8(label);
    framedBytes = concat([u32(bytes.length), bytes]);
    framedLabels.set(label, framedBytes);
  }
  return framedBytes;
}

/**
 * Each part behind its own length (u32, big-endian), so that the border between parts cannot move.
 *
 * @param label - A constant that names the use.
 */
export function framed(label: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const prefix = framedLabel(label);
  let length = prefix.length;
  for (const part of parts) length += 4 + part.length;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set(prefix);
  let offset = prefix.length;
  for (const part of parts) {
    view.setUint32(offset, part.length);
    bytes.set(part, offset + 4);
    offset += 4 + part.length;
  }
  return bytes;
}

/** Whether two public byte strings are equal. Not for secrets: it stops at the first difference. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Order of two byte strings, shorter first when one begins the other. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Lower-case hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return bytes.toHex();
}

/** Bytes of hexadecimal digits, or nothing when the text is not that. */
export function fromHex(untrustedText: string): Uint8Array | undefined {
  if (untrustedText.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(untrustedText)) return undefined;
  return Uint8Array.fromHex(untrustedText);
}
