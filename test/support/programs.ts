/**
 * Random programs of control flow that mostly return: every shape of it, in any nesting, over i32 alone.
 *
 * A program is read off a tape of small numbers, so that a failing one shrinks. Functions take and
 * give one i32; what they compute is meaningless, but it must not depend on how gas is counted.
 * `test/support/random` makes programs of all instructions.
 *
 * @module
 */
import { RESULT, type ContractParts } from "#test/support/contract.ts";
import {
  add,
  block,
  br,
  brIf,
  call,
  constant,
  get,
  i32,
  loop,
  returned,
  set,
  store32,
  sub,
  tee,
  u32,
  unreachable,
  vector,
  when,
  type Code,
} from "#test/support/wasm.ts";
import { Tape } from "#test/support/random/tape.ts";

const FUNCTIONS = 3;
/** Index of the first random function: the contract's own five come before it. */
const FIRST = 5;
/** Locals: the parameter, three scratch values, then one loop counter per nesting depth. */
const COUNTER = 4;
const DEPTH_MAX = 5;
const RECURSION_MAX = 12;
const INT_TO_INT_TYPE = FIRST;

const STATEMENTS = 14;

/** The parts of a contract whose `command` runs the program on the tape. */
export function program(numbers: readonly number[]): ContractParts {
  const tape = new Tape(numbers);
  const functions = Array.from({ length: FUNCTIONS }, (_, index) => ({
    params: "i",
    results: "i",
    locals: [[COUNTER - 1 + DEPTH_MAX, i32]] as const,
    code: [...statements(tape, index, 0, 0), ...get(1)],
  }));
  return {
    functions,
    table: vector([[0x70, 0x00, FUNCTIONS]]),
    elements: [
      [0x00, ...constant(0), 0x0b, ...vector(functions.map((_, index) => u32(FIRST + index)))],
    ],
    globals: [[i32, 1, ...constant(0), 0x0b]],
    command: [
      ...constant(RESULT + 8),
      ...constant(7),
      ...call(FIRST),
      ...store32,
      ...constant(RESULT),
      ...constant(RESULT + 8),
      ...store32,
      ...constant(RESULT + 4),
      ...constant(4),
      ...store32,
      ...constant(RESULT),
    ],
  };
}

function statements(tape: Tape, self: number, depth: number, labels: number): number[] {
  const code: number[] = [];
  for (let count = 1 + tape.draw(4); count > 0 && !tape.done; count--) {
    code.push(...statement(tape, self, depth, labels));
  }
  return code;
}

function statement(tape: Tape, self: number, depth: number, labels: number): Code {
  const scratch = 1 + tape.draw(3);
  const condition = [...get(tape.draw(4)), ...constant(tape.draw(5)), 0x71];
  const inner = (): number[] =>
    depth < DEPTH_MAX ? statements(tape, self, depth + 1, labels + 1) : [0x01];
  switch (tape.draw(STATEMENTS)) {
    case 0:
      return block(inner());
    case 1:
      return [...condition, ...when(inner())];
    case 2:
      return [...condition, ...when(inner(), inner())];
    case 3: {
      const counter = COUNTER + Math.min(depth, DEPTH_MAX - 1);
      const repeat = [...get(counter), ...constant(1), sub, ...tee(counter), ...brIf(0)];
      return [...constant(1 + tape.draw(4)), ...set(counter), ...loop([...inner(), ...repeat])];
    }
    case 4:
      return labels === 0 ? [0x01] : [...condition, ...brIf(tape.draw(labels))];
    case 5:
      return labels === 0 ? [0x01] : br(tape.draw(labels));
    case 6: {
      if (labels === 0) return [0x01];
      const targets = Array.from({ length: 1 + tape.draw(3) }, () => u32(tape.draw(labels)));
      return [...get(scratch), 0x0e, ...vector(targets), ...u32(tape.draw(labels))];
    }
    case 7:
      return [...get(scratch), returned];
    case 8:
      return [...get(scratch), ...br(labels)];
    case 9:
      return [
        ...recursion([...get(scratch), ...call(FIRST + tape.draw(FUNCTIONS)), ...set(scratch)]),
      ];
    case 10:
      return recursion([
        ...get(scratch),
        ...constant(tape.draw(FUNCTIONS)),
        ...[0x11, INT_TO_INT_TYPE, 0x00],
        ...set(scratch),
      ]);
    case 11:
      return valueBlock(tape, scratch);
    case 12:
      return tape.draw(8) === 0 ? [...condition, ...when([unreachable])] : [0x01];
    default:
      return [...get(scratch), ...constant(tape.draw(100)), add, ...set(1 + tape.draw(3))];
  }
}

/** Runs `code` at most a few times per call of the contract: recursion that always ends. */
function recursion(code: Code): number[] {
  const count = [0x23, 0x00, ...constant(1), add, 0x24, 0x00];
  return [0x23, 0x00, ...constant(RECURSION_MAX), 0x48, ...when([...count, ...code])];
}

/** A block that gives a value, left early or late, from inside another block. */
function valueBlock(tape: Tape, scratch: number): number[] {
  const early = [...get(tape.draw(4)), ...get(tape.draw(4)), ...brIf(1), 0x1a];
  const late = [
    ...get(tape.draw(4)),
    ...brIf(0),
    ...constant(tape.draw(9)),
    ...set(1 + tape.draw(3)),
  ];
  return [0x02, i32, ...block([...early, ...late]), ...get(tape.draw(4)), 0x0b, ...set(scratch)];
}
