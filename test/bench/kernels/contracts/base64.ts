import { Random } from "./support/random";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Encodes bytes and decodes them again. The number of bytes is taken down to a multiple of three. */
@contract
export class Base64 {
  @query
  run(length: u32): u32 {
    const random = new Random(3);
    const bytes = new Uint8Array(length - (length % 3));
    for (let i = 0; i < bytes.length; i++) bytes[i] = <u8>random.next();
    const text = encode(bytes);
    const back = decode(text);
    let sum: u32 = 0;
    for (let i = 0; i < back.length; i++) sum = sum * 31 + (back[i] == bytes[i] ? text[i] : 255);
    return sum;
  }
}

function encode(bytes: Uint8Array): Uint8Array {
  const alphabet = new Uint8Array(64);
  for (let i = 0; i < 64; i++) alphabet[i] = <u8>ALPHABET.charCodeAt(i);
  const text = new Uint8Array((bytes.length / 3) * 4);
  let to = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((<u32>bytes[i]) << 16) | ((<u32>bytes[i + 1]) << 8) | bytes[i + 2];
    text[to++] = alphabet[word >> 18];
    text[to++] = alphabet[(word >> 12) & 63];
    text[to++] = alphabet[(word >> 6) & 63];
    text[to++] = alphabet[word & 63];
  }
  return text;
}

function decode(text: Uint8Array): Uint8Array {
  const values = new Uint8Array(128);
  for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = <u8>i;
  const bytes = new Uint8Array((text.length / 4) * 3);
  let to = 0;
  for (let i = 0; i < text.length; i += 4) {
    let word: u32 = 0;
    for (let j = 0; j < 4; j++) word = (word << 6) | values[text[i + j]];
    bytes[to++] = <u8>(word >> 16);
    bytes[to++] = <u8>(word >> 8);
    bytes[to++] = <u8>word;
  }
  return bytes;
}
