/**
 * Finds loops of which it is known before they begin how often they run.
 *
 * That is `for (; i < n; i++) …` as compilers write it: nothing else changes `i` or `n`, and no way out but the
 * condition leads anywhere but to a trap. Such a loop can pay for its iterations before it runs them. Only
 * steps of one are taken: with others `i` may step over the bound and wrap. Nothing in it may end the
 * call with gas left, so it calls nothing that does anything but compute.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import { NO_BLOCK_TYPE, op } from "#host/vm/decode/opcodes.ts";

/** Instructions from a loop to the body of its `if`, and from the increment to the loop's `end`. */
const HEAD = 5;
const TAIL = 6;
/** Loops in each other that are looked at together: of more, the outer ones are not counted. */
const OPEN_MAX = 4;
/** Instructions before a loop that are searched for what its variable begins with. */
const INITIAL_SEARCH = 24;

const I32_NE = 0x47;
/** Comparisons under which a loop goes on, with its variable first and with its bound first. */
const variableFirst: ReadonlySet<number> = new Set([0x48, 0x49, I32_NE]);
const boundFirst: ReadonlySet<number> = new Set([0x4a, 0x4b, I32_NE]);
const UNSIGNED: ReadonlySet<number> = new Set([0x49, 0x4b]);

export interface CountedLoop {
  /** The `loop` and its `end`. */
  readonly opener: number;
  readonly end: number;
  /** The local that counts. */
  readonly variable: number;
  /** The instruction that gives the bound: a local or a constant. */
  readonly bound: number;
  /** How often it runs, if that is a constant. */
  readonly trips: number | undefined;
}

/** What a finder asks about the code around a loop. */
export interface Surroundings {
  /** Whether code at a label leads to a trap whatever it does. */
  readonly mustTrap: (opener: number) => boolean;
  /** Whether a function takes gas. */
  readonly spends: (index: number) => boolean;
}

/** The counted loops of a well-typed body, inner ones before those around them. */
export function countedLoops(body: Body, surroundings: Surroundings): CountedLoop[] {
  const found: CountedLoop[] = [];
  let open: CountedLoop[] = [];
  const drop = (spoilt: (loop: CountedLoop) => boolean): void => {
    if (open.some(spoilt)) open = open.filter((loop) => !spoilt(loop));
  };
  const leave = (index: number, target: number): void => {
    drop((loop) => {
      const goesOn = target > loop.opener + HEAD - 1 || index === loop.end - 2;
      return !goesOn && (target >= loop.opener || !surroundings.mustTrap(target));
    });
  };
  for (let index = 0; index < body.count; index++) {
    const code = body.opcode[index] ?? 0;
    if (code === op.loop) {
      const loop = countedAt(body, index);
      if (loop === undefined) continue;
      open.push(loop);
      if (open.length > OPEN_MAX) open.shift();
    }
    if (open.length === 0) continue;
    if (code === op.end) {
      const innermost = open.at(-1);
      if (innermost?.end !== index) continue;
      found.push(innermost);
      open.pop();
    } else if (code === op.localSet || code === op.localTee) {
      const local = body.value[index] ?? 0;
      drop((loop) => setsWrongly(body, loop, index, local));
    } else if (code === op.br || code === op.brIf) leave(index, body.target[index] ?? 0);
    else if (code === op.brTable) {
      for (const target of body.targetsOf(index)) {
        drop((loop) => target <= loop.opener + HEAD - 1);
      }
    } else if (code === op.return || code === op.callIndirect || code === op.memoryGrow) open = [];
    else if (code === op.call && surroundings.spends(body.value[index] ?? 0)) open = [];
  }
  return found;
}

function setsWrongly(body: Body, loop: CountedLoop, index: number, local: number): boolean {
  if (local === loop.variable) return index !== loop.end - 3;
  return body.opcode[loop.bound] === op.localGet && body.value[loop.bound] === local;
}

/** The loop at `opener` if it begins and ends as a counted loop does; what is between is not looked at. */
function countedAt(body: Body, opener: number): CountedLoop | undefined {
  const { opcode, value, partner, otherwise, target } = body;
  const end = partner[opener] ?? 0;
  const condition = opener + HEAD - 1;
  if (end - opener < HEAD + TAIL || opcode[condition] !== op.if) return undefined;
  if (value[opener] !== NO_BLOCK_TYPE || value[condition] !== NO_BLOCK_TYPE) return undefined;
  if (partner[condition] !== end - 1 || otherwise[condition] !== 0) return undefined;
  if (opcode[end - 2] !== op.br || target[end - 2] !== opener) return undefined;
  const variable = value[end - 3] ?? 0;
  const increments =
    opcode[end - 6] === op.localGet &&
    value[end - 6] === variable &&
    opcode[end - 5] === op.i32Const &&
    value[end - 5] === 1 &&
    opcode[end - 4] === op.i32Add &&
    opcode[end - 3] === op.localSet;
  if (!increments) return undefined;
  const comparison = opcode[opener + 3] ?? 0;
  const isVariable = (at: number): boolean => opcode[at] === op.localGet && value[at] === variable;
  let bound: number;
  if (variableFirst.has(comparison) && isVariable(opener + 1)) bound = opener + 2;
  else if (boundFirst.has(comparison) && isVariable(opener + 2)) bound = opener + 1;
  else return undefined;
  const isConstant = opcode[bound] === op.i32Const;
  if (!isConstant && (opcode[bound] !== op.localGet || isVariable(bound))) return undefined;
  const trips = isConstant
    ? constantTrips(body, { opener, variable, bound: value[bound] ?? 0, comparison })
    : undefined;
  return { opener, end, variable, bound, trips };
}

interface Range {
  readonly opener: number;
  readonly variable: number;
  readonly bound: number;
  readonly comparison: number;
}

/** How often a loop to a constant runs, if a constant is given to its variable right before. */
function constantTrips(body: Body, range: Range): number | undefined {
  const { opener, variable, comparison } = range;
  const first = Math.max(0, opener - INITIAL_SEARCH);
  for (let at = opener - 1; at > first; at -= 2) {
    const constant = body.opcode[at - 1] ?? 0;
    if (body.opcode[at] !== op.localSet) return undefined;
    if (constant < op.i32Const || constant > op.f64Const) return undefined;
    if (body.value[at] !== variable) continue;
    const initial = body.value[at - 1] ?? 0;
    if (comparison === I32_NE) return (range.bound - initial) >>> 0;
    const isUnsigned = UNSIGNED.has(comparison);
    const [from, to] = isUnsigned ? [initial >>> 0, range.bound >>> 0] : [initial, range.bound];
    return Math.max(0, to - from);
  }
  return undefined;
}
