/**
 * Contracts that do whatever a script says: everything that code can leave changed, and every way a call can end.
 *
 * A call chooses its script by the length of the method's name, what the allocator does by the length of the
 * arguments, and what `_initialize` does by the height. Variables are written to memory before anything else.
 *
 * @module
 */
import fc from "fast-check";
import { contractCore, returning } from "#test/support/contract.ts";
import {
  add,
  br,
  call,
  constant,
  constants,
  drop,
  get,
  i32,
  i64,
  loop,
  repeated,
  returned,
  section,
  store8,
  sub,
  u32,
  unreachable,
  vector,
  when,
  type Code,
} from "#test/support/wasm.ts";

const IMPORTS = [
  ...(["control.fail", "control.panic", "context.height", "logging.log", "events.emit"] as const),
  ...(["state.set", "state.get", "context.random", "http.fetch", "contracts.call"] as const),
];
const [FAIL, PANIC, HEIGHT, LOG, EMIT, SET, GET, RANDOM, FETCH, CALL] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
];
const ENDLESS = IMPORTS.length + 5;
const DEEP = ENDLESS + 1;
const [F32, F64, END, EQUAL, WRAP, GLOBAL_GET, GLOBAL_SET] = [
  0x7d, 0x7c, 0x0b, 0x46, 0xa7, 0x23, 0x24,
];
const PAGE = 65_536;
/** Where variables are shown, where host functions write, and where nothing is but zeros at first. */
const [SHOWN, AREA, NOTHING] = [512, 640, 800];
/** A local behind the parameters, for loops. */
const COUNTER = 4;
const forEver = loop(br(0));

/** How many there are of each; numbers beyond begin again. */
export const SCRIPTS = 5;
export const ALLOCATIONS = 24;
export const HEIGHTS = 10;

/** One thing that a script does. */
export interface Act {
  readonly kind: number;
  readonly at: number;
  readonly value: number;
}

export interface Script {
  readonly acts: readonly Act[];
  readonly end: Act;
}

export interface Scripted {
  readonly pages: number;
  /** Whether instantiation writes up to the last byte of memory. */
  readonly fills: boolean;
  /** A multiple of four. */
  readonly moreVariables: number;
  readonly scripts: readonly Script[];
}

const places = fc
  .oneof({ arbitrary: fc.nat(PAGE / 2), weight: 9 }, { arbitrary: fc.nat(5 * PAGE), weight: 1 })
  .map((at) => at - (at % 2));
const values = fc.oneof(
  { arbitrary: fc.nat(2_000), weight: 9 },
  { arbitrary: fc.nat(PAGE + 9), weight: 1 },
);
const CALLING = 13;
const kinds = fc.oneof(
  { arbitrary: fc.nat(15), weight: 4 },
  { arbitrary: fc.constant(CALLING), weight: 1 },
);
const acts = fc.record({ kind: kinds, at: places, value: values });
const scripts = fc.record({ acts: fc.array(acts, { maxLength: 6, size: "max" }), end: acts });

export const scripted: fc.Arbitrary<Scripted> = fc.record({
  pages: fc.constantFrom(1, 1, 1, 0, 2, 4, 5),
  fills: fc.boolean(),
  moreVariables: fc.constantFrom(0, 4, 900),
  scripts: fc.array(scripts, { minLength: SCRIPTS, maxLength: SCRIPTS }),
});

const variables: readonly (readonly [type: number, initial: Code, store: number])[] = [
  [i32, constant(1024), 0x36],
  [i64, [0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f], 0x37],
  [F32, [0x43, 1, 0, 0xa0, 0x7f], 0x38],
  [F64, [0x44, 0, 0, 0, 0, 0, 0, 0, 0x80], 0x39],
];
const others = [
  constant(-5),
  [0x42, 0x7f],
  [0x43, 0, 0, 0x80, 0x3f],
  [0x44, 9, 8, 7, 6, 5, 4, 3, 2],
];

function changed(first: number): number[] {
  return others.flatMap((code, at) =>
    first + at === 0 ? [] : [...code, GLOBAL_SET, ...u32(first + at)],
  );
}

function shown(first: number, place: number): number[] {
  return variables.flatMap(([, , store], at) => [
    ...[...constant(place + 8 * at), GLOBAL_GET, ...u32(first + at)],
    ...[store, 0, 0],
  ]);
}

function act({ kind, at, value }: Act, last: number): Code {
  switch (kind) {
    case 0:
      return [...constants(at, value), ...store8];
    case 1:
      return [...constants(at, value, value), 0xfc, 0x0b, 0];
    case 2:
      return [...constants(at, value, at % 999), 0xfc, 0x0a, 0, 0];
    case 3:
      return [...constants(at, value % 4, at % 4), 0xfc, 0x08, 0, 0];
    case 4:
      return changed(0);
    case 5:
      return changed(last);
    case 6:
      return [...constant(value % 3), 0x40, 0, drop];
    case 7:
      return [...constants(0, at, value % 300), ...call(LOG)];
    case 8:
      return [...constants(at, value % 40, at, value % 99, value % 2), ...call(EMIT)];
    case 9:
      return [...constants(at, value % 9, at, value % 999), ...call(SET)];
    case 10:
      return [...constants(at, value % 9, AREA), ...call(GET)];
    case 11:
      return [...constants(NOTHING, 0, value % 99, AREA), ...call(RANDOM)];
    case 12:
      return [...constants(NOTHING, value % 3, AREA), ...call(FETCH)];
    case CALLING:
      return [
        ...[...constants(AREA + 1, 1 + (value % 3), 32), 0xfc, 0x0b, 0],
        ...constants(
          AREA + 1,
          32,
          (value >> 2) % 2,
          NOTHING,
          value % SCRIPTS,
          NOTHING,
          at % ALLOCATIONS,
          0,
        ),
        ...[0x42, 0, ...constant(AREA + 40), ...call(CALL)],
      ];
    case 14:
      return repeated(1 + (value % 2_000), COUNTER, []);
    default:
      return [...constant(value % 500), ...call(DEEP)];
  }
}

function end({ kind, at, value }: Act): Code {
  switch (kind) {
    case 0:
      return [unreachable];
    case 1:
      return constant(-1);
    case 2:
      return [...constants(at, value % 9, at, value), ...call(FAIL), unreachable];
    case 3:
      return [...constants(at, value % 99, at, value % 9, 1, 2), ...call(PANIC), unreachable];
    case 4:
      return [...forEver, unreachable];
    case 5:
      return [...call(ENDLESS), unreachable];
    case 6:
      return [...constants(1, 0), 0x6d];
    case 7:
      return returning(at, value * 99);
    default:
      return returning(at % PAGE, value % 999);
  }
}

const hasSize = (size: number): number[] => [...get(3), ...constant(size), EQUAL];
const isHeight = (height: number): number[] => [...call(HEIGHT), WRAP, ...constant(height), EQUAL];

/** Takes memory one piece behind another, but for a few sizes. */
const realloc: Code = [
  ...[...hasSize(13), ...when([unreachable]), ...hasSize(14), ...when([...constant(-3), returned])],
  ...[...hasSize(15), ...when([...call(HEIGHT), drop]), ...hasSize(16), ...when(forEver)],
  ...[
    ...hasSize(17),
    ...when(call(ENDLESS)),
    ...hasSize(18),
    ...when([...constant(1), 0x40, 0, drop]),
  ],
  ...[...hasSize(19), ...when([...constants(0, 0, 0), ...call(FETCH)])],
  ...[GLOBAL_GET, 0, ...get(3), add, ...constants(3), add, ...constant(-4), 0x71, GLOBAL_SET, 0],
  ...[GLOBAL_GET, 0, ...get(3), sub, ...constant(-4), 0x71],
];

const initialize: Code = [
  ...[...isHeight(1), ...when([unreachable]), ...isHeight(2), ...when(forEver)],
  ...[...isHeight(3), ...when(call(ENDLESS)), ...isHeight(4), ...when(changed(0))],
  ...[...isHeight(5), ...when([...constants(0, 90, 90), ...call(LOG)])],
  ...[...isHeight(6), ...when([...constants(0, 0, 0), ...call(FETCH)])],
  ...[...isHeight(7), ...when([...constants(2_000, 1, 9), 0xfc, 0x0b, 0])],
];

/** The first is for `memory.init`; the others overlap, and may be empty. */
function dataOf({ pages, fills }: Scripted): Code[] {
  const at = (place: number, bytes: Code): number[] => [
    0,
    ...constant(place),
    END,
    ...vector(bytes.map((byte) => [byte])),
  ];
  const size = pages * PAGE;
  const passive = [1, 3, 7, 8, 9];
  if (pages === 0) return [passive];
  const active = [at(90, [1, 2, 3, 4, 5, 6]), at(93, [70, 80])];
  if (!fills) return [passive, ...active];
  return [passive, ...active, at(size - 2, [8, 9]), at(size, []), at(size - PAGE, [5])];
}

export function scriptedCore(contract: Scripted): Uint8Array {
  const { pages, moreVariables, scripts: list } = contract;
  const first = moreVariables;
  const globals = Array.from({ length: 1 + first / variables.length }, () =>
    variables.map(([type, initial]) => [type, 1, ...initial, END]),
  ).flat();
  const body = [
    ...[...shown(0, SHOWN), ...shown(first, SHOWN + 32)],
    ...list.flatMap((script, index) => [
      ...[...get(1), ...constant(index), EQUAL],
      ...when([...script.acts.flatMap((one) => act(one, first)), ...end(script.end), returned]),
    ]),
    unreachable,
  ];
  const data = dataOf(contract);
  return contractCore({
    ...{ imports: IMPORTS, command: body, query: body, init: body, realloc, initialize, data },
    locals: [[1, i32]],
    functions: [
      { code: call(ENDLESS) },
      { params: "i", code: [...get(0), ...when([...get(0), ...constant(1), sub, ...call(DEEP)])] },
    ],
    ...{ memory: [1, pages, pages + 2], globals },
    extra: new Map([[9, section(12, u32(data.length))]]),
  });
}
