/**
 * Steps over JSON without building anything.
 *
 * The text comes from strangers: nesting is bounded and counted, not recursed into, and every
 * function stays before `end`. A function that finds what is no JSON returns 0.
 *
 * Source: RFC 8259.
 *
 * @module
 */

const DEPTH_MAX: i32 = 32;

export const QUOTE: u32 = 0x22;
export const OPEN_OBJECT: u32 = 0x7b;
export const CLOSE_OBJECT: u32 = 0x7d;
export const OPEN_ARRAY: u32 = 0x5b;
export const CLOSE_ARRAY: u32 = 0x5d;
export const COMMA: u32 = 0x2c;
const COLON: u32 = 0x3a;
const BACKSLASH: u32 = 0x5c;

/** The byte at `at`, or 0 at the end: JSON has no zero byte. */
export function peek(at: usize, end: usize): u32 {
  return at < end ? load<u8>(at) : 0;
}

export function skipSpace(at: usize, end: usize): usize {
  while (at < end) {
    const byte = load<u8>(at);
    if (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09) break;
    at++;
  }
  return at;
}

export function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

function isHexDigit(byte: u32): bool {
  return isDigit(byte) || (byte | 0x20) - 0x61 < 6;
}

export function skipString(at: usize, end: usize): usize {
  if (peek(at, end) != QUOTE) return 0;
  at++;
  while (true) {
    const byte = peek(at++, end);
    if (byte == QUOTE) return at;
    if (byte < 0x20) return 0;
    if (byte != BACKSLASH) continue;
    const escape = peek(at++, end);
    if (escape == 0x75) {
      for (let i = 0; i < 4; i++) if (!isHexDigit(peek(at++, end))) return 0;
    } else if (
      // One of " \ / b f n r t.
      escape != QUOTE &&
      escape != BACKSLASH &&
      escape != 0x2f &&
      escape != 0x62 &&
      escape != 0x66 &&
      escape != 0x6e &&
      escape != 0x72 &&
      escape != 0x74
    ) {
      return 0;
    }
  }
}

export function skipDigits(at: usize, end: usize): usize {
  while (isDigit(peek(at, end))) at++;
  return at;
}

function skipNumber(at: usize, end: usize): usize {
  if (peek(at, end) == 0x2d) at++;
  let from = at;
  at = skipDigits(at, end);
  if (at == from || (at > from + 1 && load<u8>(from) == 0x30)) return 0;
  if (peek(at, end) == 0x2e) {
    from = ++at;
    at = skipDigits(at, end);
    if (at == from) return 0;
  }
  if ((peek(at, end) | 0x20) == 0x65) {
    at++;
    const sign = peek(at, end);
    if (sign == 0x2b || sign == 0x2d) at++;
    from = at;
    at = skipDigits(at, end);
    if (at == from) return 0;
  }
  return at;
}

/** `true`, `false` or `null`, compared as little-endian words. */
function skipWord(at: usize, end: usize): usize {
  if (end - at < 4) return 0;
  const word = load<u32>(at);
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4;
  return word == 0x736c6166 && peek(at + 4, end) == 0x65 ? at + 5 : 0;
}

function skipScalar(at: usize, end: usize): usize {
  const first = peek(at, end);
  if (first == QUOTE) return skipString(at, end);
  if (first == 0x2d || isDigit(first)) return skipNumber(at, end);
  return skipWord(at, end);
}

/** Steps over the key of a member and the colon. */
export function skipKey(at: usize, end: usize): usize {
  at = skipString(skipSpace(at, end), end);
  if (at == 0) return 0;
  at = skipSpace(at, end);
  return peek(at, end) == COLON ? at + 1 : 0;
}

/** Steps over one value, and over the space before it. */
export function skipValue(at: usize, end: usize): usize {
  let depth = 0;
  // One bit for each open bracket: whether it is an object's.
  let objects: u64 = 0;
  do {
    at = skipSpace(at, end);
    const first = peek(at, end);
    if (first == OPEN_OBJECT || first == OPEN_ARRAY) {
      if (++depth > DEPTH_MAX) return 0;
      const isObject = first == OPEN_OBJECT;
      objects = (objects << 1) | <u64>isObject;
      at = skipSpace(at + 1, end);
      if (peek(at, end) != (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        if (!isObject) continue;
        at = skipKey(at, end);
        if (at == 0) return 0;
        continue;
      }
    } else {
      at = skipScalar(at, end);
      if (at == 0) return 0;
    }
    // A value has ended: close what closes, until there is a comma or nothing is open.
    while (depth > 0) {
      at = skipSpace(at, end);
      const isObject = (objects & 1) != 0;
      const byte = peek(at++, end);
      if (byte == COMMA) {
        if (isObject) at = skipKey(at, end);
        if (at == 0) return 0;
        break;
      }
      if (byte != (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return 0;
      depth--;
      objects >>= 1;
    }
  } while (depth > 0);
  return at;
}
