import { chain } from "./support/chain";

const RATE_BYTES = 136;

// prettier-ignore
const ROUND_CONSTANTS: StaticArray<u64> = [
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
  0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
  0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
  0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
  0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
];
/** For each step of the walk through the lanes: where it leads, and by how much the lane turns. */
// prettier-ignore
const WALK: StaticArray<i32> = [
  10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
];
// prettier-ignore
const TURNS: StaticArray<u64> = [
  1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
];

/** Keccak-256 of 1 KiB messages. */
@contract
export class Keccak256 {
  @query
  run(rounds: u32): u32 {
    return chain(rounds, keccak256);
  }
}

function keccak256(message: Uint8Array): StaticArray<u8> {
  const state = new StaticArray<u64>(25);
  const blocks = message.length / RATE_BYTES + 1;
  const padded = new Uint8Array(blocks * RATE_BYTES);
  padded.set(message);
  padded[message.length] = 0x01;
  padded[padded.length - 1] |= 0x80;
  for (let block = 0; block < blocks; block++) {
    const at = padded.dataStart + block * RATE_BYTES;
    for (let i = 0; i < RATE_BYTES / 8; i++) state[i] ^= load<u64>(at + i * 8);
    permute(state);
  }
  const digest = new StaticArray<u8>(32);
  for (let i = 0; i < 4; i++) store<u64>(changetype<usize>(digest) + i * 8, state[i]);
  return digest;
}

function permute(s: StaticArray<u64>): void {
  const c = new StaticArray<u64>(5);
  for (let round = 0; round < 24; round++) {
    for (let x = 0; x < 5; x++) c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
    for (let x = 0; x < 5; x++) {
      const d = c[(x + 4) % 5] ^ rotl<u64>(c[(x + 1) % 5], 1);
      for (let y = 0; y < 25; y += 5) s[x + y] ^= d;
    }
    let moved = s[1];
    for (let i = 0; i < 24; i++) {
      const to = WALK[i];
      const kept = s[to];
      s[to] = rotl<u64>(moved, TURNS[i]);
      moved = kept;
    }
    for (let y = 0; y < 25; y += 5) {
      for (let x = 0; x < 5; x++) c[x] = s[x + y];
      for (let x = 0; x < 5; x++) s[x + y] = c[x] ^ (~c[(x + 1) % 5] & c[(x + 2) % 5]);
    }
    s[0] ^= ROUND_CONSTANTS[round];
  }
}
