/**
 * Goal: a loop that pays before it runs must pay what it pays iteration by iteration, or be left alone.
 *
 * Method: loops of the shape that is counted, each spoilt in one of the ways that would make the count wrong,
 * in each other and up to the edges of 32 bits, against a meter that charges before every instruction.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admitCore } from "#host/vm/admit.ts";
import { contractCore, ending, RESULT, run, type ContractParts } from "#test/support/contract.ts";
import { admitNaively } from "#test/support/naive-meter.ts";
import {
  add,
  block,
  br,
  brIf,
  call,
  constant,
  drop,
  get,
  i32,
  loop,
  returned,
  set,
  unreachable,
  when,
  type Code,
} from "#test/support/wasm.ts";

const RUNS = 1_500;
const LIMIT = 400_000;
const AMPLE = 60_000_000;
/** Comparisons under which a loop goes on, and whether the bound stands first. */
const comparisons = [
  ...[0x48, 0x49, 0x47].map((code) => ({ code, boundFirst: false })),
  ...[0x4a, 0x4b, 0x47].map((code) => ({ code, boundFirst: true })),
  // These are left alone.
  ...[0x4c, 0x4d, 0x46].map((code) => ({ code, boundFirst: false })),
];

interface Shape {
  readonly comparison: number;
  /** Locals or constants that the variable begins with and runs to. */
  readonly from: number;
  readonly to: number;
  readonly isConstant: boolean;
  readonly step: number;
  readonly spoils: readonly number[];
  readonly inner: Shape | undefined;
}

/** Locals: four parameters, a bound and a variable for each nesting depth, scratch. */
const boundOf = (depth: number): number => 4 + 2 * depth;
const variableOf = (depth: number): number => 5 + 2 * depth;
const SCRATCH = 10;
const LOCALS = 8;
const work: Code = [...get(SCRATCH), ...constant(3), add, ...set(SCRATCH)];

/** Ways to make the count wrong, or to look as if. `depth` is the loop's own; labels: 0 is the `if`, 1 the loop. */
function spoil(kind: number, depth: number): Code {
  const now = [...get(variableOf(depth)), ...constant(5), 0x46];
  switch (kind) {
    case 0:
      return [...now, ...when([...constant(9), ...set(variableOf(depth))])];
    case 1:
      return [...now, ...when([...constant(7), ...set(boundOf(depth))])];
    case 2:
      return [...now, ...brIf(0)];
    case 3:
      return [
        ...now,
        ...when([
          ...get(variableOf(depth)),
          ...constant(1),
          add,
          ...set(variableOf(depth)),
          ...br(2),
        ]),
      ];
    case 4:
      return [...now, ...when([...constant(RESULT), returned])];
    case 5:
      return [...now, ...when([unreachable])];
    case 6:
      return block([...now, ...brIf(0), ...work]);
    case 7:
      return [...now, ...when(work, [...work, ...work])];
    case 8:
      return [...get(variableOf(depth)), ...constant(3), 0x71, 0x22, SCRATCH, drop];
    default:
      return work;
  }
}

function code(shape: Shape, depth = 0): number[] {
  const { code: comparison, boundFirst } = comparisons[shape.comparison] ?? {
    code: 0x48,
    boundFirst: false,
  };
  const variable = get(variableOf(depth));
  const bound = shape.isConstant ? constant(shape.to) : get(boundOf(depth));
  const body = [
    ...shape.spoils.flatMap((kind) => spoil(kind, depth)),
    ...(shape.inner === undefined ? [] : code(shape.inner, depth + 1)),
    ...[...variable, ...constant(shape.step), add, ...set(variableOf(depth)), ...br(1)],
  ];
  return [
    ...[...constant(shape.to), ...set(boundOf(depth))],
    ...[...constant(shape.from), ...set(variableOf(depth))],
    ...loop([
      ...(boundFirst ? [...bound, ...variable] : [...variable, ...bound]),
      comparison,
      ...when(body),
    ]),
  ];
}

function coreOf(command: Code, parts: ContractParts = {}): Uint8Array {
  return contractCore({
    ...parts,
    locals: [[LOCALS, i32]],
    command: [...command, ...constant(RESULT)],
  });
}

/** Both meters on the same code; says how it ended. */
function compare(core: Uint8Array, gas: number): string {
  const metered = run(admitCore(core), {}, gas);
  const naive = run(admitNaively(core), {}, gas);
  if (naive.end.kind === "returned") expect(metered).toEqual(naive);
  else expect(metered.end.kind).toBe("fault");
  return ending(naive);
}

const shapeOf = (depth: number): fc.Arbitrary<Shape> =>
  fc.record({
    comparison: fc.nat(comparisons.length - 1),
    from: fc.oneof(fc.integer({ min: -3, max: 12 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 4)),
    to: fc.oneof(
      fc.integer({ min: -3, max: 40 }),
      fc.constantFrom(2 ** 31 - 1, -(2 ** 31) + 3, -1),
    ),
    isConstant: fc.boolean(),
    step: fc.constantFrom(1, 1, 1, 1, 2, -1),
    spoils: fc.array(fc.nat(12), { maxLength: 2 }),
    inner: depth === 0 ? fc.constant(undefined) : fc.option(shapeOf(depth - 1), { nil: undefined }),
  });

describe("loops that pay before they run", () => {
  it("property: pay what their iterations cost, whatever is done to them", () => {
    let completed = 0;
    fc.assert(
      fc.property(shapeOf(2), (shape) => {
        if (compare(coreOf(code(shape)), LIMIT) === "returned") completed++;
      }),
      { numRuns: RUNS },
    );
    expect(completed).toBeGreaterThan(RUNS / 3);
  });

  it("pay share by share if they run long, to the unit", () => {
    for (const to of [74_897, 74_898, 74_899, 131_071, 131_072, 131_073, 600_000]) {
      const shape = {
        comparison: 0,
        from: 0,
        to,
        isConstant: false,
        step: 1,
        spoils: [9],
        inner: undefined,
      };
      expect(compare(coreOf(code(shape)), AMPLE)).toBe("returned");
      const used = run(admitCore(coreOf(code(shape))), {}, AMPLE).gasUsed;
      expect(ending(run(admitCore(coreOf(code(shape))), {}, used))).toBe("returned");
      expect(ending(run(admitCore(coreOf(code(shape))), {}, used - 1))).toBe("OUT_OF_GAS");
    }
  });

  it("take no more than a share ahead of a way out that traps", () => {
    const shape = {
      comparison: 0,
      from: 0,
      to: 2 ** 31 - 1,
      isConstant: false,
      step: 1,
      spoils: [5],
      inner: undefined,
    };
    expect(ending(run(admitCore(coreOf(code(shape))), {}, 3_000_000))).toBe("TRAP");
  });

  it("pay iteration by iteration if they call the host, which may end the call with gas left", () => {
    const fail = [...constant(0), ...constant(0), ...constant(0), ...constant(0), ...call(0)];
    const body = [
      ...[...get(variableOf(0)), ...constant(5), 0x46, ...when(fail)],
      ...[...get(variableOf(0)), ...constant(1), add, ...set(variableOf(0)), ...br(1)],
    ];
    const command = loop([...get(variableOf(0)), ...constant(1 << 20), 0x48, ...when(body)]);
    const { gasUsed } = run(admitCore(coreOf(command, { imports: ["control.fail"] })));
    expect(gasUsed).toBeLessThan(1_000_000);
  });
});
