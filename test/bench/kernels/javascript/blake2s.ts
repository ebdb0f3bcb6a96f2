/**
 * BLAKE2s of 1 KiB messages, as RFC 7693 writes it.
 *
 * @module
 */
import { chain } from "./support/chain.ts";

const DIGEST_BYTES = 32;
const IV = [
  ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a],
  ...[0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
];
/** One row a round; a letter is a word of the block. */
const SIGMA = [
  ...["0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8"],
  ...["905724afe1bc683d", "2c6a0b834d75fe19", "c51fed4a0763928b"],
  ...["db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0"],
].map((row) => [...row].map((letter) => Number.parseInt(letter, 16)));

export function run(rounds: number): number {
  return chain(rounds, blake2s);
}

/** The message is not empty and fills its last block. */
function blake2s(message: Uint8Array): Uint8Array {
  const h = Int32Array.from(IV);
  h[0]! ^= 0x01010000 ^ DIGEST_BYTES;
  const view = new DataView(message.buffer);
  for (let at = 0; at < message.length; at += 64) {
    compress(h, view, at, at + 64 === message.length);
  }
  const digest = new DataView(new ArrayBuffer(DIGEST_BYTES));
  for (let i = 0; i < 8; i++) digest.setInt32(i * 4, h[i]!, true);
  return new Uint8Array(digest.buffer);
}

function compress(h: Int32Array, view: DataView, at: number, isLast: boolean): void {
  const m = new Int32Array(16);
  for (let i = 0; i < 16; i++) m[i] = view.getInt32(at + i * 4, true);
  const v = Int32Array.from([...h, ...IV]);
  v[12]! ^= at + 64;
  if (isLast) v[14] = ~v[14]!;
  for (const s of SIGMA) {
    mix(v, 0, 4, 8, 12, m[s[0]!]!, m[s[1]!]!);
    mix(v, 1, 5, 9, 13, m[s[2]!]!, m[s[3]!]!);
    mix(v, 2, 6, 10, 14, m[s[4]!]!, m[s[5]!]!);
    mix(v, 3, 7, 11, 15, m[s[6]!]!, m[s[7]!]!);
    mix(v, 0, 5, 10, 15, m[s[8]!]!, m[s[9]!]!);
    mix(v, 1, 6, 11, 12, m[s[10]!]!, m[s[11]!]!);
    mix(v, 2, 7, 8, 13, m[s[12]!]!, m[s[13]!]!);
    mix(v, 3, 4, 9, 14, m[s[14]!]!, m[s[15]!]!);
  }
  for (let i = 0; i < 8; i++) h[i]! ^= v[i]! ^ v[i + 8]!;
}

function rotr(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function mix(
  v: Int32Array,
  a: number,
  b: number,
  c: number,
  d: number,
  x: number,
  y: number,
): void {
  v[a]! += v[b]! + x;
  v[d] = rotr(v[d]! ^ v[a]!, 16);
  v[c]! += v[d];
  v[b] = rotr(v[b]! ^ v[c]!, 12);
  v[a]! += v[b] + y;
  v[d] = rotr(v[d] ^ v[a]!, 8);
  v[c]! += v[d];
  v[b] = rotr(v[b] ^ v[c]!, 7);
}
