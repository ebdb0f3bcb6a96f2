/**
 * Text of a JSON string: UTF-8 between escapes, escapes as UTF-16 code units.
 *
 * @module
 */
import { decodeUtf8 } from "./utf8";

const BACKSLASH: u32 = 0x5c;

function hexValue(at: usize): u32 {
  let value: u32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte: u32 = load<u8>(at + i);
    value = (value << 4) | (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return value;
}

function escaped(byte: u32): u32 {
  if (byte == 0x62) return 0x08;
  if (byte == 0x66) return 0x0c;
  if (byte == 0x6e) return 0x0a;
  if (byte == 0x72) return 0x0d;
  if (byte == 0x74) return 0x09;
  return byte;
}

/** The text of the string between `start` and `end`, quotes included, in a checked JSON text. */
export function jsonString(start: usize, end: usize): string {
  const last = end - 1;
  let at = start + 1;
  if (at == last) return "";
  const text = __new((last - at) << 1, idof<String>());
  let units = text;
  while (at < last) {
    const from = at;
    while (at < last && load<u8>(at) != BACKSLASH) at++;
    units = decodeUtf8(from, at, units, true);
    if (at == last) break;
    const kind: u32 = load<u8>(at, 1);
    const isUnit = kind == 0x75;
    store<u16>(units, <u16>(isUnit ? hexValue(at + 2) : escaped(kind)));
    units += 2;
    at += isUnit ? 6 : 2;
  }
  return changetype<string>(__renew(text, units - text));
}
