/**
 * Instructions in their short forms: nearly all of what code is made of.
 *
 * One loop over hostile bytes that calls nothing. Of whatever it does not know, or finds wrong, it decodes
 * nothing: that is left to `long-forms.ts`, which knows all forms and says what is wrong.
 *
 * @module
 */
import { MODULE_NESTING_MAX } from "#protocol/limits.ts";
import type { Instructions } from "#host/vm/decode/instructions.ts";
import {
  immediate,
  immediates,
  op,
  ALIGNMENT_MAX,
  EMPTY_BLOCK,
  NO_BLOCK_TYPE,
} from "#host/vm/decode/opcodes.ts";
import { CONTINUED, LOW_BITS, SIGN, type Reader } from "#host/vm/decode/reader.ts";

// The engine looks constants of another file up each time that they are asked for.
const { none: NONE, index: INDEX, bracket: BRACKET, i32: I32, block: BLOCK } = immediate;
const { label: LABEL, call: CALL, callIndirect: CALL_INDIRECT } = immediate;
const { zero: ZERO, memoryAccess: ACCESS } = immediate;
const { end: END, if: IF, block: PLAIN, loop: LOOP } = op;
const [EMPTY, NESTING_MAX] = [EMPTY_BLOCK, MODULE_NESTING_MAX];

/**
 * Decodes instructions in their short forms, from number `index` on; returns the number of the first one
 * that has another form, or is wrong.
 *
 * Code is made of these: one byte, or two or three with small immediates. Nothing is called here, so that
 * the engine knows all through the loop what the arrays are.
 */
export function readShortForms(body: Instructions, reader: Reader, first: number): number {
  const { bytes, end } = reader;
  const { opcode, value, offset, partner, otherwise, target, open } = body;
  // As integers: what is read from an object might be any number.
  let [at, depth, index] = [body.at | 0, body.depth | 0, first | 0];
  let [forks, loops, calls] = [0, 0, 0];
  for (; at < end; index++) {
    const code = bytes[at] ?? 0;
    const kind = immediates[code];
    offset[index] = at;
    opcode[index] = code;
    if (kind === NONE) {
      at++;
      continue;
    }
    if (kind === BRACKET) {
      if (depth === 0) break;
      const opener = open[depth - 1] ?? 0;
      if (code === END) {
        depth--;
        partner[opener] = index;
      } else {
        if (opcode[opener] !== IF || otherwise[opener] !== 0) break;
        forks++;
        otherwise[opener] = index;
      }
      partner[index] = opener;
      at++;
      continue;
    }
    if (at + 3 >= end) break;
    const byte = bytes[at + 1] ?? 0;
    let [number, next] = [byte, at + 2];
    if (byte >= CONTINUED) {
      const second = bytes[next] ?? 0;
      if (second === 0 || second >= CONTINUED) break;
      number = (byte & LOW_BITS) | (second << 7);
      next++;
    }
    value[index] = number;
    if (kind === INDEX || kind === CALL) {
      calls += kind === CALL ? 1 : 0;
    } else if (kind === I32) {
      if (byte >= CONTINUED) break;
      value[index] = byte < SIGN ? byte : byte - CONTINUED;
    } else if (kind === BLOCK) {
      if (byte !== EMPTY || depth >= NESTING_MAX) break;
      if (code !== PLAIN) forks++;
      if (code === LOOP) loops++;
      otherwise[index] = 0;
      value[index] = NO_BLOCK_TYPE;
      open[depth++] = index;
    } else if (kind === LABEL) {
      if (number >= depth) break;
      forks++;
      target[index] = open[depth - 1 - number] ?? 0;
    } else if (kind === CALL_INDIRECT) {
      if (bytes[next++] !== 0) break;
      calls++;
    } else if (kind === ACCESS) {
      if (byte > ALIGNMENT_MAX || (bytes[next++] ?? 0) >= CONTINUED) break;
    } else if (kind !== ZERO || byte !== 0) break;
    at = next;
  }
  body.advance(at, depth, { forks, loops, calls });
  return index;
}
