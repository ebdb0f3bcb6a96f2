/**
 * Goal: handing the counters from function to function must not be seen, and must not lose a unit.
 *
 * Method: hand-made contracts on the seams: types that would be equal once metered, host functions in the
 * table, recursion on both sides of a host call, calls in every position of an expression.
 */
import { describe, expect, it } from "vitest";
import { admitCore } from "#host/vm/admit.ts";
import {
  admitContract,
  contractCore,
  ending,
  RESULT,
  run,
  type ContractParts,
} from "#test/support/contract.ts";
import { admitNaively } from "#test/support/naive-meter.ts";
import {
  add,
  call,
  constant,
  drop,
  get,
  i32,
  i64,
  loop,
  returned,
  store32,
  sub,
  tee,
  u32,
  vector,
  when,
  brIf,
  set,
  type Code,
  type FunctionPart,
} from "#test/support/wasm.ts";

/** The contract's own five functions come first, and types with them. */
const FIRST = 5;

/** A table of one entry. */
const tableOf = (index: number): ContractParts => ({
  table: vector([[0x70, 0x00, 1]]),
  elements: [[0x00, ...constant(0), 0x0b, ...vector([u32(index)])]],
});

const callIndirect = (type: number): number[] => [0x11, ...u32(type), 0x00];

describe("types of functions in the table", () => {
  const plain: FunctionPart = { params: "i", results: "i", code: get(0) };
  /** What `plain` becomes: gas and stack behind the parameters, gas behind the results. */
  const alike: FunctionPart = { params: "iIi", results: "iI", code: [...get(0), ...get(1)] };
  const callPlain = [...constant(1), ...constant(0), ...callIndirect(FIRST), drop];
  const callAlike = [
    ...[...constant(1), 0x42, 0, ...constant(0), ...constant(0)],
    ...[...callIndirect(FIRST + 1), drop, drop],
  ];

  it.each([
    ["a plain one called as what it becomes", FIRST, callAlike, "TRAP"],
    ["what it becomes called as a plain one", FIRST + 1, callPlain, "TRAP"],
    ["a plain one called as it is", FIRST, callPlain, "returned"],
    ["the other called as it is", FIRST + 1, callAlike, "returned"],
  ])("stay apart: %s", (_, entry, code, expected) => {
    const parts = { functions: [plain, alike], command: [...code, ...constant(RESULT)] };
    expect(ending(run(admitContract({ ...parts, ...tableOf(entry) })))).toBe(expected);
  });

  it("let a host function be called through the table, for the same gas", () => {
    const command = [...constant(0), ...callIndirect(0), drop, ...constant(RESULT)];
    const core = contractCore({ imports: ["context.now"], command, ...tableOf(0) });
    const outcome = run(admitCore(core));
    expect(ending(outcome)).toBe("returned");
    expect(outcome).toEqual(run(admitNaively(core)));
  });
});

describe("calls in every position", () => {
  const leaf: FunctionPart = { params: "i", results: "i", code: [...get(0), ...constant(1), add] };
  /** Costs more the larger its argument: it charges, so it takes the counter. */
  const spender: FunctionPart = {
    params: "i",
    results: "i",
    code: [
      ...loop([...get(0), ...constant(1), sub, ...tee(0), ...brIf(0)]),
      ...[...constant(3), returned],
    ],
  };
  const early: FunctionPart = {
    params: "i",
    results: "i",
    code: [...get(0), ...when([...constant(5), ...call(FIRST + 1), returned]), ...constant(1)],
  };
  const idle: FunctionPart = { locals: [[130, i64]], code: [...constant(2), ...call(FIRST), drop] };
  const shapes: Record<string, Code> = {
    "one behind the other": [...constant(4), ...call(FIRST + 1), ...call(FIRST + 1), drop],
    "as both operands": [
      ...[...constant(4), ...call(FIRST + 1), ...constant(2), ...call(FIRST + 2), add, drop],
    ],
    "as a condition": [...constant(4), ...call(FIRST + 1), ...when([...call(FIRST + 3)])],
    "before a return": [
      ...constant(7),
      ...call(FIRST + 2),
      drop,
      ...constant(0),
      ...call(FIRST + 2),
      drop,
    ],
    "in a loop": [
      ...[...constant(9), ...set(4)],
      ...loop([
        ...[...get(4), ...call(FIRST + 1), drop],
        ...[...get(4), ...constant(1), sub, ...tee(4), ...brIf(0)],
      ]),
    ],
  };

  it.each(Object.entries(shapes))("cost what their instructions cost: %s", (_, code) => {
    const core = contractCore({
      functions: [leaf, spender, early, idle],
      locals: [[1, i32]],
      command: [...code, ...constant(RESULT)],
    });
    const outcome = run(admitCore(core));
    expect(ending(outcome)).toBe("returned");
    expect(outcome).toEqual(run(admitNaively(core)));
  });
});

describe("stack bytes left", () => {
  const down = (self: number, end: Code): FunctionPart => ({
    params: "i",
    code: [...get(0), ...when([...get(0), ...constant(1), sub, ...call(self)], end)],
  });
  /** Recursion, a host call at its bottom, and recursion of the allocator that the host calls there. */
  const nested = (outer: number, inner: number): ContractParts => ({
    imports: ["context.caller"],
    functions: [down(FIRST + 1, [...constant(512), ...call(0)]), down(FIRST + 2, [])],
    realloc: [
      ...get(3),
      ...constant(32),
      0x46,
      ...when([...constant(inner), ...call(FIRST + 2)]),
      ...constant(1024),
    ],
    command: [
      ...[...constant(outer), ...call(FIRST + 1), ...constant(outer), ...call(FIRST + 1)],
      ...[...constant(RESULT), ...constant(0), ...store32, ...constant(RESULT)],
    ],
  });

  it("go with a host call into the allocator, and come back whole", () => {
    expect(ending(run(admitContract(nested(2_500, 0))))).toBe("returned");
    expect(ending(run(admitContract(nested(0, 2_500))))).toBe("returned");
    expect(ending(run(admitContract(nested(1_200, 1_200))))).toBe("returned");
    expect(ending(run(admitContract(nested(2_500, 2_500))))).toBe("STACK_OVERFLOW");
  });
});
