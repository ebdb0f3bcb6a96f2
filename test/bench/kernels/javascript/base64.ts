/**
 * Encodes bytes and decodes them again.
 *
 * @module
 */
import { Random } from "./support/random.ts";
import { rolling } from "./support/rolling.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** @param length - Taken down to a multiple of three. */
export function run(length: number): number {
  const random = new Random(3);
  const bytes = new Uint8Array(length - (length % 3));
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.next();
  const text = encode(bytes);
  const back = decode(text);
  let sum = 0;
  for (let i = 0; i < back.length; i++) sum = rolling(sum, back[i] === bytes[i] ? text[i]! : 255);
  return sum;
}

function encode(bytes: Uint8Array): Uint8Array {
  const alphabet = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
  const text = new Uint8Array((bytes.length / 3) * 4);
  let to = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    text[to++] = alphabet[word >> 18]!;
    text[to++] = alphabet[(word >> 12) & 63]!;
    text[to++] = alphabet[(word >> 6) & 63]!;
    text[to++] = alphabet[word & 63]!;
  }
  return text;
}

function decode(text: Uint8Array): Uint8Array {
  const values = new Uint8Array(128);
  for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = i;
  const bytes = new Uint8Array((text.length / 4) * 3);
  let to = 0;
  for (let i = 0; i < text.length; i += 4) {
    let word = 0;
    for (let j = 0; j < 4; j++) word = (word << 6) | values[text[i + j]!]!;
    bytes[to++] = word >> 16;
    bytes[to++] = word >> 8;
    bytes[to++] = word;
  }
  return bytes;
}
