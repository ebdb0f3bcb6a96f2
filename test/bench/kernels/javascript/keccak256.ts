/**
 * Keccak-256 of 1 KiB messages. A lane is two words, low and high: BigInt would be slower still.
 *
 * @module
 */
import { chain } from "./support/chain.ts";

const RATE_BYTES = 136;
const ROUNDS = 24;
const { low: CONSTANTS_LOW, high: CONSTANTS_HIGH } = constants();
const WALK = walk();

/** The round constants, from the shift register of FIPS 202, section 3.2.5. */
function constants(): { low: Int32Array; high: Int32Array } {
  const low = new Int32Array(ROUNDS);
  const high = new Int32Array(ROUNDS);
  let register = 1;
  for (let round = 0; round < ROUNDS; round++) {
    for (let j = 0; j < 7; j++) {
      const position = 2 ** j - 1;
      if ((register & 1) === 1) {
        if (position < 32) low[round]! |= 1 << position;
        else high[round]! |= 1 << (position - 32);
      }
      register = (register << 1) ^ ((register & 0x80) === 0 ? 0 : 0x171);
    }
  }
  return { low, high };
}

/** Where each step of the walk through the lanes leads, and by how much the lane turns: FIPS 202, section 3.2.2. */
function walk(): { to: number; turn: number }[] {
  const steps: { to: number; turn: number }[] = [];
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    steps.push({ to: x + 5 * y, turn: (((t + 1) * (t + 2)) / 2) % 64 });
  }
  return steps;
}

export function run(rounds: number): number {
  return chain(rounds, keccak256);
}

function keccak256(message: Uint8Array): Uint8Array {
  const low = new Int32Array(25);
  const high = new Int32Array(25);
  const blocks = Math.floor(message.length / RATE_BYTES) + 1;
  const padded = new Uint8Array(blocks * RATE_BYTES);
  padded.set(message);
  padded[message.length] = 0x01;
  padded[padded.length - 1]! |= 0x80;
  const view = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += RATE_BYTES) {
    for (let i = 0; i < RATE_BYTES / 8; i++) {
      low[i]! ^= view.getInt32(at + i * 8, true);
      high[i]! ^= view.getInt32(at + i * 8 + 4, true);
    }
    permute(low, high);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 4; i++) {
    digest.setInt32(i * 8, low[i]!, true);
    digest.setInt32(i * 8 + 4, high[i]!, true);
  }
  return new Uint8Array(digest.buffer);
}

function permute(low: Int32Array, high: Int32Array): void {
  const c = new Int32Array(5);
  const d = new Int32Array(5);
  for (let round = 0; round < ROUNDS; round++) {
    for (let x = 0; x < 5; x++) {
      c[x] = low[x]! ^ low[x + 5]! ^ low[x + 10]! ^ low[x + 15]! ^ low[x + 20]!;
      d[x] = high[x]! ^ high[x + 5]! ^ high[x + 10]! ^ high[x + 15]! ^ high[x + 20]!;
    }
    for (let x = 0; x < 5; x++) {
      const next = (x + 1) % 5;
      const before = (x + 4) % 5;
      const turnedLow = c[before]! ^ ((c[next]! << 1) | (d[next]! >>> 31));
      const turnedHigh = d[before]! ^ ((d[next]! << 1) | (c[next]! >>> 31));
      for (let y = 0; y < 25; y += 5) {
        low[x + y]! ^= turnedLow;
        high[x + y]! ^= turnedHigh;
      }
    }
    wander(low, high);
    mixRows(low, c);
    mixRows(high, d);
    low[0]! ^= CONSTANTS_LOW[round]!;
    high[0]! ^= CONSTANTS_HIGH[round]!;
  }
}

function wander(low: Int32Array, high: Int32Array): void {
  let movedLow = low[1]!;
  let movedHigh = high[1]!;
  for (const { to, turn } of WALK) {
    const keptLow = low[to]!;
    const keptHigh = high[to]!;
    const a = turn < 32 ? movedLow : movedHigh;
    const b = turn < 32 ? movedHigh : movedLow;
    const by = turn % 32; // never 0: no lane of the walk turns by 0 or 32
    low[to] = (a << by) | (b >>> (32 - by));
    high[to] = (b << by) | (a >>> (32 - by));
    movedLow = keptLow;
    movedHigh = keptHigh;
  }
}

function mixRows(half: Int32Array, row: Int32Array): void {
  for (let y = 0; y < 25; y += 5) {
    for (let x = 0; x < 5; x++) row[x] = half[x + y]!;
    for (let x = 0; x < 5; x++) half[x + y] = row[x]! ^ (~row[(x + 1) % 5]! & row[(x + 2) % 5]!);
  }
}
