/**
 * Hexadecimal digits as people write them, with or without `0x`.
 *
 * @module
 */
import { fromHex } from "#protocol/bytes.ts";

/** The bytes, or nothing when the text is not hexadecimal. */
export function hexBytes(text: string): Uint8Array | undefined {
  return fromHex(text.startsWith("0x") ? text.slice(2) : text);
}
