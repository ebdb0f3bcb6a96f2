/**
 * A process of its own that calls functions whose frames grow when the engine optimizes them: prints, for
 * each, how the deepest call that its limit allows ends while the code is new and when it is hot. So it
 * does for as many contracts on top of each other as may be, each as deep as all of them together may go.
 *
 * @module
 */
import { runCall } from "#host/functions/call.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { CALL_DEPTH_MAX } from "#protocol/limits.ts";
import { admitContract, ending, environment, RESULT } from "#test/support/contract.ts";
import { AREA, calling, Town } from "#test/support/town.ts";
import {
  add,
  brIf,
  call,
  constant,
  drop,
  get,
  i32,
  i64,
  loop,
  set,
  sub,
  tee,
  u32,
  unreachable,
  when,
  type Code,
  type FunctionPart,
} from "#test/support/wasm.ts";

const NOW = 0;
const CALL = 1;
/** What runs where the recursion ends: two imports and the contract's own five come before it. */
const BOTTOM = 7;
const DEEP = 8;
const MULTIPLY = 0x6c;
const XOR = 0x73;

/** Calls itself `parameter 0` times; parameter 1 says whether the rest of its code runs. */
const down: Code = [
  ...get(0),
  ...when([...get(0), ...constant(1), sub, ...get(1), ...call(DEEP), drop], call(BOTTOM)),
];

/** Small functions, each called by the one before with all its values alive across the call. */
function nested(depth: number, values: number): FunctionPart[] {
  return Array.from({ length: depth }, (_, index) => {
    const each = (code: (value: number) => Code): number[] =>
      Array.from({ length: values }, (_value, value) => code(value)).flat();
    const load = each((value) => [...get(0), 0x29, 3, ...u32(value * 8), ...set(1 + value)]);
    const store = each((value) => [...get(0), ...get(1 + value), 0x37, 3, ...u32(value * 8)]);
    const next = index + 1 < depth ? [...get(0), ...call(DEEP + 2 + index)] : [...call(NOW), drop];
    return { params: "i", locals: [[values, i64]], code: [...load, ...next, ...store] };
  });
}

/** The same results before and after the call of itself. */
function repeated(count: number): Code {
  return Array.from({ length: count }, (_, index) => {
    return [...get(2), ...get(1), ...constant(index * 2 + 3), MULTIPLY, XOR, ...set(2)];
  }).flat();
}

const filler = Array.from({ length: 600 }, () => [...constant(1), drop]).flat();
const shapes: Readonly<Record<string, readonly FunctionPart[]>> = {
  inlined: [
    {
      params: "ii",
      results: "i",
      code: [
        ...[...get(1), ...constant(77), 0x46, ...when(filler)],
        ...[...down, ...get(1), ...when([...get(1), ...call(DEEP + 1)]), ...get(0)],
      ],
    },
    ...nested(8, 20),
  ],
  shared: [
    {
      params: "ii",
      results: "i",
      locals: [[1, i32]],
      code: [...repeated(500), ...down, ...repeated(500), ...get(2)],
    },
  ],
};

/** Runs `command`: with a method it calls the function often, without one as deep as `args` is long. */
function contract(
  functions: readonly FunctionPart[],
  initialize: Code = [],
  bottom: Code = [],
): AdmittedModule {
  const often = loop([
    ...[...constant(1), ...constant(4096), ...call(DEEP), drop],
    ...[...get(4), ...constant(1), sub, ...tee(4), ...brIf(0)],
  ]);
  return admitContract({
    imports: ["context.now", "contracts.call"],
    initialize,
    locals: [[1, i32]],
    functions: [{ code: bottom }, ...functions],
    command: [
      ...get(1),
      ...when(
        [...constant(20_000), ...set(4), ...often],
        [...get(3), ...constant(-1), add, ...constant(0), ...call(DEEP), drop],
      ),
      ...constant(RESULT),
    ],
  });
}

const GAS = 500_000_000;

function end(admitted: AdmittedModule, method: string, depth: number): string {
  const request = { method, args: new Uint8Array(depth), gasLimit: GAS };
  const outcome = runCall(admitted, request, environment());
  return `${ending(outcome)} ${outcome.gasUsed}`;
}

/** How deep the limit lets a call go, found in a module of its own: equal ones share their compiled code. */
function deepest(functions: readonly FunctionPart[]): number {
  const admitted = contract(functions, [...constant(0), drop]);
  const isWithin = (depth: number): boolean => !end(admitted, "", depth).startsWith("STACK_");
  let depth = 0;
  for (let step = 8_192; step >= 1; step /= 2) if (isWithin(depth + step)) depth += step;
  return depth;
}

/** Contracts 1, 2, 3 …, each of which goes as deep as it is told before it calls the next one. */
function tower(functions: readonly FunctionPart[], depth: number): Town {
  const town = new Town();
  for (let floor = 1; floor <= CALL_DEPTH_MAX; floor++) {
    const next = [...calling(floor + 1, { at: CALL, method: "", args: depth }), ...unlessAnswered];
    town.settle(floor, contract(functions, [], floor === CALL_DEPTH_MAX ? [] : next));
  }
  return town;
}

/** Traps if the call before did not return. */
const unlessAnswered: Code = [...constant(AREA), 0x2d, 0, 0, ...when([unreachable])];

function climb(town: Town, depth: number): string {
  const outcome = town.run(1, { method: "", args: new Uint8Array(depth), gas: GAS });
  return `${ending(outcome)} ${outcome.gasUsed}`;
}

/** How deep each contract of a tower may go. */
function deepestFloor(functions: readonly FunctionPart[]): number {
  let depth = 0;
  for (let step = 1_024; step >= 1; step /= 2) {
    if (climb(tower(functions, depth + step), depth + step).startsWith("returned")) depth += step;
  }
  return depth;
}

const ends: Record<string, string[]> = {};
for (const [name, functions] of Object.entries(shapes)) {
  const floor = deepestFloor(functions);
  const town = tower(functions, floor);
  const tall = [climb(town, floor)];
  for (let round = 0; round < 12; round++) {
    town.run(CALL_DEPTH_MAX, { method: "often", args: new Uint8Array(1), gas: GAS });
    await new Promise((resolve) => setTimeout(resolve, 20));
    tall.push(climb(town, floor));
  }
  ends[`${name}, in a tower`] = tall;
  const depth = deepest(functions);
  const admitted = contract(functions);
  ends[name] = [end(admitted, "", depth)];
  for (let round = 0; round < 12; round++) {
    end(admitted, "often", 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    ends[name].push(end(admitted, "", depth));
  }
}
process.stdout.write(JSON.stringify(ends));
