/**
 * UTF-8 in and out. The standard library decodes invalid bytes to something plausible; two texts
 * would then share one meaning, so this decoder knows what is invalid and says so.
 *
 * Source: The Unicode Standard, table 3-7 "Well-Formed UTF-8 Byte Sequences".
 *
 * @module
 */

const REPLACEMENT: u16 = 0xfffd;

/** Bytes of `text` in UTF-8; a lone surrogate counts as U+FFFD. */
export function utf8Length(text: string): i32 {
  return String.UTF8.byteLength(text);
}

/** Writes `text`, whose length {@link utf8Length} has told, to `pointer`. */
export function writeUtf8(text: string, pointer: usize): void {
  String.UTF8.encodeUnsafe(
    changetype<usize>(text),
    text.length,
    pointer,
    false,
    String.UTF8.ErrorMode.REPLACE,
  );
}

/** The bytes of a text, as they are hashed, signed or sealed. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  writeUtf8(text, bytes.dataStart);
  return bytes;
}

/** Payload bits of a lead byte's sequence, or -1 when the sequence at `pointer` is not well-formed. */
function scalarAt(pointer: usize, left: usize): i32 {
  const lead: u32 = load<u8>(pointer);
  if (lead < 0x80) return lead;
  if (lead < 0xc2 || left < 2) return -1;
  const second: u32 = load<u8>(pointer, 1);
  if ((second & 0xc0) != 0x80) return -1;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | (second & 0x3f);
  if (left < 3) return -1;
  const third: u32 = load<u8>(pointer, 2);
  if ((third & 0xc0) != 0x80) return -1;
  if (lead < 0xf0) {
    const scalar = ((lead & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
    return scalar < 0x800 || (scalar & 0xf800) == 0xd800 ? -1 : scalar;
  }
  if (left < 4 || lead > 0xf4) return -1;
  const fourth: u32 = load<u8>(pointer, 3);
  if ((fourth & 0xc0) != 0x80) return -1;
  const scalar =
    ((lead & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f);
  return scalar < 0x10000 || scalar > 0x10ffff ? -1 : scalar;
}

/**
 * Decodes well-formed UTF-8 to UTF-16 code units at `units`, which has room for two bytes per byte.
 *
 * @param lossy - Replaces each invalid byte by U+FFFD instead of giving up.
 * @returns Where the units end, or 0 if the bytes are not well-formed and `lossy` is off.
 */
export function decodeUtf8(pointer: usize, end: usize, units: usize, lossy: bool): usize {
  while (pointer < end) {
    let scalar = scalarAt(pointer, end - pointer);
    if (scalar < 0) {
      if (!lossy) return 0;
      scalar = REPLACEMENT;
      pointer += 1;
    } else {
      pointer += scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
    }
    if (scalar < 0x10000) {
      store<u16>(units, <u16>scalar);
      units += 2;
    } else {
      scalar -= 0x10000;
      store<u16>(units, <u16>(0xd800 | (scalar >> 10)));
      store<u16>(units, <u16>(0xdc00 | (scalar & 0x3ff)), 2);
      units += 4;
    }
  }
  return units;
}

/** Decodes UTF-8 to a string; null if the bytes are not well-formed and `lossy` is off. */
export function readUtf8(pointer: usize, length: usize, lossy: bool): string | null {
  if (length == 0) return "";
  const text = __new(length << 1, idof<String>());
  const end = decodeUtf8(pointer, pointer + length, text, lossy);
  if (end == 0) return null;
  return changetype<string>(__renew(text, end - text));
}
