/**
 * Sections of a WebAssembly binary, as far as a build needs them: dropping custom ones, adding ours.
 * Cores and components share the form: an 8-byte preamble, then sections of id, length and body.
 *
 * Source: WebAssembly core specification, "Binary Format", "Modules".
 *
 * @module
 */

const PREAMBLE_BYTES = 8;
const CUSTOM = 0;

/** Removes all custom sections: names, source map links, tool marks. */
export function withoutCustomSections(binary: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [binary.subarray(0, PREAMBLE_BYTES)];
  for (let at = PREAMBLE_BYTES; at < binary.length;) {
    const { value: length, end } = readUnsigned(binary, at + 1);
    const next = end + length;
    if (binary[at] !== CUSTOM) kept.push(binary.subarray(at, next));
    at = next;
  }
  return concat(kept);
}

/** Appends a custom section. */
export function withCustomSection(
  binary: Uint8Array,
  name: string,
  content: Uint8Array,
): Uint8Array {
  const label = new TextEncoder().encode(name);
  const body = concat([unsigned(label.length), label, content]);
  return concat([binary, Uint8Array.of(CUSTOM), unsigned(body.length), body]);
}

/** Names as a vector, for a section that the host reads. */
export function nameVector(names: readonly string[]): Uint8Array {
  const encoded = names.map((name) => new TextEncoder().encode(name));
  return concat([
    unsigned(encoded.length),
    ...encoded.flatMap((name) => [unsigned(name.length), name]),
  ]);
}

/** Where the content of a section begins, if there is one. @param id - Not that of a custom section. */
export function sectionStart(binary: Uint8Array, id: number): number | undefined {
  for (let at = PREAMBLE_BYTES; at < binary.length;) {
    const { value: length, end } = readUnsigned(binary, at + 1);
    if (binary[at] === id) return end;
    at = end + length;
  }
  return undefined;
}

/** The content of a custom section, behind its name. */
export function customSection(
  binary: Uint8Array,
  name: string,
): { readonly start: number; readonly end: number } | undefined {
  for (let at = PREAMBLE_BYTES; at < binary.length;) {
    const { value: length, end } = readUnsigned(binary, at + 1);
    const next = end + length;
    if (binary[at] === CUSTOM) {
      const label = readName(binary, end);
      if (label.text === name) return { start: label.end, end: next };
    }
    at = next;
  }
  return undefined;
}

export function readName(bytes: Uint8Array, start: number): { text: string; end: number } {
  const { value: length, end } = readUnsigned(bytes, start);
  const text = new TextDecoder().decode(bytes.subarray(end, end + length));
  return { text, end: end + length };
}

export function readUnsigned(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start, shift = 0; ; at++, shift += 7) {
    const byte = bytes[at];
    if (byte === undefined || shift > 28) throw new Error("the compiler's output is cut short");
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end: at + 1 };
  }
}

function unsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
