import { chain } from "./support/chain";

const DIGEST_BYTES = 32;

// prettier-ignore
const IV: StaticArray<u32> = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];
// prettier-ignore
const SIGMA: StaticArray<u8> = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
  7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
  9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
  2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
  12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
  13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
  6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
  10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
];

/** BLAKE2s of 1 KiB messages, as RFC 7693 writes it. */
@contract
export class Blake2s {
  @query
  run(rounds: u32): u32 {
    return chain(rounds, blake2s);
  }
}

/** The message is not empty and fills its last block. */
function blake2s(message: Uint8Array): StaticArray<u8> {
  const h = new StaticArray<u32>(8);
  for (let i = 0; i < 8; i++) h[i] = IV[i];
  h[0] ^= 0x01010000 ^ DIGEST_BYTES;
  const v = new StaticArray<u32>(16);
  for (let at = 0; at < message.length; at += 64) {
    compress(h, v, message.dataStart + at, at + 64, at + 64 == message.length);
  }
  const digest = new StaticArray<u8>(DIGEST_BYTES);
  for (let i = 0; i < 8; i++) store<u32>(changetype<usize>(digest) + i * 4, h[i]);
  return digest;
}

function compress(
  h: StaticArray<u32>,
  v: StaticArray<u32>,
  block: usize,
  counter: u32,
  isLast: bool,
): void {
  for (let i = 0; i < 8; i++) {
    v[i] = h[i];
    v[i + 8] = IV[i];
  }
  v[12] ^= counter;
  if (isLast) v[14] = ~v[14];
  for (let at = 0; at < 160; at += 16) {
    mix(v, 0, 4, 8, 12, word(block, at), word(block, at + 1));
    mix(v, 1, 5, 9, 13, word(block, at + 2), word(block, at + 3));
    mix(v, 2, 6, 10, 14, word(block, at + 4), word(block, at + 5));
    mix(v, 3, 7, 11, 15, word(block, at + 6), word(block, at + 7));
    mix(v, 0, 5, 10, 15, word(block, at + 8), word(block, at + 9));
    mix(v, 1, 6, 11, 12, word(block, at + 10), word(block, at + 11));
    mix(v, 2, 7, 8, 13, word(block, at + 12), word(block, at + 13));
    mix(v, 3, 4, 9, 14, word(block, at + 14), word(block, at + 15));
  }
  for (let i = 0; i < 8; i++) h[i] ^= v[i] ^ v[i + 8];
}

function word(block: usize, at: i32): u32 {
  return load<u32>(block + ((<usize>SIGMA[at]) << 2));
}

function mix(v: StaticArray<u32>, a: i32, b: i32, c: i32, d: i32, x: u32, y: u32): void {
  v[a] += v[b] + x;
  v[d] = rotr<u32>(v[d] ^ v[a], 16);
  v[c] += v[d];
  v[b] = rotr<u32>(v[b] ^ v[c], 12);
  v[a] += v[b] + y;
  v[d] = rotr<u32>(v[d] ^ v[a], 8);
  v[c] += v[d];
  v[b] = rotr<u32>(v[b] ^ v[c], 7);
}
