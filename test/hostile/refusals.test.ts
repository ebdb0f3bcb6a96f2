/**
 * ATTACKS A: a refusal says what is wrong and where: the rule, the item and the byte in the uploaded file.
 *
 * The offset in each case is found by searching the file for the bytes that are hostile, never by
 * counting as the decoder does.
 */
import { describe, expect, it } from "vitest";
import { Fault, type Facts } from "#protocol/fault.ts";
import {
  MODULE_METERED_BYTES_MAX,
  MODULE_LOCALS_MAX,
  MODULE_NESTING_MAX,
  MODULE_PARAMETERS_MAX,
  MODULE_RESULTS_MAX,
  STATIC_STACK_BYTES_MAX,
} from "#protocol/limits.ts";
import { admit } from "#host/vm/admit.ts";
import { contractCore, type ContractParts } from "#test/support/contract.ts";
import {
  bareComponent,
  component,
  constant,
  exported,
  i32,
  i64,
  name,
  PREAMBLE,
  section,
  u32,
  vector,
  type Code,
} from "#test/support/wasm.ts";

/** Seven bytes that occur nowhere else, to find an item by: `i64.const` of an odd number, dropped. */
const MARK: Code = [0x42, 0xd3, 0x9a, 0xe5, 0xb1, 0x0d, 0x1a];

interface Refusal {
  readonly code: string;
  readonly facts: Facts;
}

function refusalOf(file: Uint8Array): Refusal {
  try {
    admit(file);
  } catch (error) {
    if (error instanceof Fault) return { code: error.code, facts: error.facts };
    throw error;
  }
  throw new Error("admitted");
}

/** Where `bytes` begin in `file`; they must be there once. */
function find(file: Uint8Array, bytes: Code): number {
  const starts = [...file.keys()].filter((at) => bytes.every((byte, i) => file[at + i] === byte));
  expect(starts).toHaveLength(1);
  return starts[0] ?? -1;
}

const ofParts = (parts: ContractParts): Uint8Array => component(contractCore(parts));
/** A contract whose seventh function, behind one import, runs the mark and then `code`. */
const ofCode = (code: Code, locals: ContractParts["locals"] = []): Uint8Array =>
  ofParts({
    imports: ["context.now"],
    functions: [{ code: [] }, { locals, code: [...MARK, ...code] }],
  });
const INDEX = 7;

describe("a refused instruction", () => {
  const cases: [string, Code, string, Facts][] = [
    ["an opcode that is not allowed", [0xfd, 0x0c], "MODULE_OPCODE", { value: 0xfd }],
    ["a prefixed opcode", [0xfc, 0x0f, 0], "MODULE_OPCODE", { value: 0xfc0f }],
    ["a padded index", [0x20, 0x80, 0x00], "MODULE_MALFORMED", {}],
    ["a padded constant", [0x41, 0xff, 0x7f], "MODULE_MALFORMED", {}],
    ["a padded wide constant", [0x42, 0x80, 0x80, 0x00], "MODULE_MALFORMED", {}],
    ["an else without an if", [0x05], "MODULE_MALFORMED", {}],
    ["a label that is not open", [0x0c, 1], "MODULE_MALFORMED", { value: 1 }],
    ["a second table", [0x41, 0, 0x11, 0, 1], "MODULE_MALFORMED", {}],
    ["a second memory", [0x3f, 1], "MODULE_MALFORMED", {}],
    ["an alignment over 8 bytes", [0x41, 0, 0x28, 4, 0], "MODULE_MALFORMED", {}],
    ["a block of a negative type", [0x02, 0x41], "MODULE_MALFORMED", {}],
  ];
  it.each(cases)("2 and 9: is named with its function and byte: %s", (_, code, fault, facts) => {
    const file = ofCode(code);
    const refused = refusalOf(file);
    // Constants before the hostile instruction are two bytes each.
    const before = code[0] === 0x41 && code.length > 3 ? 2 : 0;
    const offset = find(file, MARK) + MARK.length + before;
    expect(refused).toEqual({
      code: fault,
      facts: { offset, section: 10, index: INDEX, ...facts },
    });
  });

  it("10: is named when it nests too deep, with the cap", () => {
    const file = ofCode(Array.from({ length: MODULE_NESTING_MAX + 1 }, () => [0x02, 0x40]).flat());
    expect(refusalOf(file)).toEqual({
      code: "MODULE_LIMIT",
      facts: {
        offset: find(file, MARK) + MARK.length + 2 * MODULE_NESTING_MAX,
        section: 10,
        index: INDEX,
        nesting: MODULE_NESTING_MAX + 1,
        limit: MODULE_NESTING_MAX,
      },
    });
  });

  it("10: is named when its locals are too many, with the function's first byte", () => {
    const file = ofCode([], [[MODULE_LOCALS_MAX + 1, i64]]);
    const declared = [1, ...u32(MODULE_LOCALS_MAX + 1), i64];
    expect(refusalOf(file)).toEqual({
      code: "MODULE_LIMIT",
      facts: {
        offset: find(file, declared),
        section: 10,
        index: INDEX,
        locals: MODULE_LOCALS_MAX + 1,
        limit: MODULE_LOCALS_MAX,
      },
    });
  });

  it("1: is named when the function is cut in the middle of it", () => {
    const file = ofParts({ functions: [{ code: [...MARK, 0x44, 1, 2] }] });
    const offset = find(file, MARK) + MARK.length;
    expect(refusalOf(file)).toMatchObject({
      code: "MODULE_MALFORMED",
      facts: { offset, section: 10, index: 5 },
    });
  });

  it("5: is named as the engine names it when it is ill-typed", () => {
    const file = ofCode([0x6a]);
    expect(refusalOf(file)).toEqual({
      code: "MODULE_INVALID",
      facts: { offset: find(file, MARK) + MARK.length, section: 10, index: INDEX },
    });
  });
});

describe("a refused item", () => {
  const label = "seldom";
  const wide = (params: number, results: number): Code => [
    0x60,
    ...vector(Array.from({ length: params }, () => [i32])),
    ...vector(Array.from({ length: results }, () => [i64])),
  ];
  const withTypes = (...types: Code[]): Uint8Array =>
    component(Uint8Array.from([...PREAMBLE, ...section(1, vector([[0x60, 0, 0], ...types]))]));
  const withImports = (...imports: Code[]): Uint8Array =>
    component(
      Uint8Array.from([
        ...[...PREAMBLE, ...section(1, vector([[0x60, 0, 1, i64]]))],
        ...section(
          2,
          vector([[...name("hermetic:contract/context@0.1.0"), ...name("now"), 0, 0], ...imports]),
        ),
      ]),
    );
  const stranger = [...name("env"), ...name(label), 0, 0];
  const entry = exported(label, 0, 0);
  const global: Code = [i64, 2, 0x42, 0, 0x0b];
  const element: Code = [0x00, ...constant(54_321), 0x0b, 1, 0];
  const data: Code = [0x00, ...constant(654_321), 0x0b, 1, 0x77];
  const table = vector([[0x70, 0x00, 1]]);

  const cases: [string, Uint8Array, Code, Refusal][] = [
    [
      "a type of too many parameters",
      withTypes(wide(MODULE_PARAMETERS_MAX + 1, 0)),
      wide(MODULE_PARAMETERS_MAX + 1, 0),
      {
        code: "MODULE_LIMIT",
        facts: {
          section: 1,
          index: 1,
          params: MODULE_PARAMETERS_MAX + 1,
          limit: MODULE_PARAMETERS_MAX,
        },
      },
    ],
    [
      "a type of too many results",
      withTypes(wide(3, MODULE_RESULTS_MAX + 1)),
      wide(3, MODULE_RESULTS_MAX + 1),
      {
        code: "MODULE_LIMIT",
        facts: { section: 1, index: 1, results: MODULE_RESULTS_MAX + 1, limit: MODULE_RESULTS_MAX },
      },
    ],
    [
      "a type of another kind",
      withTypes([0x5f, 1, 2, 3, 4]),
      [0x5f, 1, 2, 3, 4],
      { code: "MODULE_MALFORMED", facts: { section: 1, index: 1 } },
    ],
    [
      "an import nobody offers",
      withImports(stranger),
      stranger,
      { code: "MODULE_IMPORT", facts: { section: 2, index: 1 } },
    ],
    [
      "an import of a memory",
      withImports([...name("env"), ...name(label), 2, 0, 1]),
      [...name("env"), ...name(label)],
      { code: "MODULE_IMPORT", facts: { section: 2, index: 1, kind: 2 } },
    ],
    [
      "an export of a reserved name",
      ofParts({ exports: [exported("hermetic:gas", 0, 0)] }),
      exported("hermetic:gas", 0, 0),
      { code: "MODULE_EXPORT", facts: { section: 7, index: 6 } },
    ],
    [
      "an export of another kind",
      ofParts({ exports: [exported(label, 4, 0)] }),
      exported(label, 4, 0),
      { code: "MODULE_MALFORMED", facts: { section: 7, index: 6, kind: 4 } },
    ],
    [
      "an ill-typed export",
      ofParts({ exports: [exported("cabi_post_init", 0, 0)] }),
      exported("cabi_post_init", 0, 0),
      { code: "MODULE_EXPORT", facts: { section: 7, index: 6 } },
    ],
    [
      "a repeated export",
      ofParts({ exports: [exported("command", 0, 1)] }),
      exported("command", 0, 1),
      { code: "MODULE_EXPORT", facts: { section: 7, index: 6 } },
    ],
    [
      "a global that is neither constant nor variable",
      ofParts({ globals: [global] }),
      global,
      { code: "MODULE_MALFORMED", facts: { section: 6, index: 0, value: 2 } },
    ],
    [
      "an element outside the table",
      ofParts({ table, elements: [element] }),
      element,
      { code: "MODULE_TABLE", facts: { section: 9, index: 0, end: 54_322, limit: 1 } },
    ],
    [
      "data outside the memory",
      ofParts({ data: [[0x00, ...constant(0), 0x0b, 0], data] }),
      data,
      { code: "MODULE_MEMORY", facts: { section: 11, index: 1, end: 654_322, limit: 65_536 } },
    ],
    [
      "a start function",
      ofParts({ exports: [entry], extra: new Map([[7, section(8, u32(4))]]) }),
      entry,
      { code: "MODULE_START", facts: { section: 8 } },
    ],
  ];
  it.each(cases)(
    "1 to 11: is named with its section, index and byte: %s",
    (_, file, bytes, rule) => {
      const { code, facts } = refusalOf(file);
      const { offset, ...rest } = facts;
      expect({ code, facts: rest }).toEqual(rule);
      // A start function is a section of its own: its contents follow those of the exports.
      const behind = code === "MODULE_START" ? bytes.length + 2 : 0;
      expect(offset).toBe(find(file, bytes) + behind);
    },
  );

  it("5: is named by its place in the world when it is missing", () => {
    const core = contractCore({});
    core[find(core, name("query")) + 1] = 0x5f;
    const file = component(core);
    const { code, facts } = refusalOf(file);
    expect(code).toBe("MODULE_EXPORT");
    expect(facts).toEqual({ offset: expect.any(Number) as number, section: 7, missing: 4 });
    expect(file[(facts["offset"] ?? 0) - 2]).toBe(7);
  });
});

describe("a refused part of the container", () => {
  const core = contractCore({ initialize: MARK });
  it("1: is named with its section, place and byte", () => {
    const nested = section(4, [0xde, 0xad, 0xbe, 0xef]);
    const file = component(core, section(7, [0]), nested);
    expect(refusalOf(file)).toEqual({
      code: "COMPONENT_MALFORMED",
      facts: { offset: find(file, nested) + 2, section: 4 },
    });
  });

  it("1: is named when it ends before its length", () => {
    const cut = [7, 0x20, 0xde, 0xad, 0xbe, 0xef];
    const file = bareComponent(core, cut);
    expect(refusalOf(file)).toEqual({
      code: "COMPONENT_MALFORMED",
      facts: { offset: find(file, cut), index: 1, length: 0x20 },
    });
  });

  it("1: is named when the world is not exported, at the end of the file", () => {
    const file = bareComponent(core, section(7, [0]));
    expect(refusalOf(file)).toEqual({
      code: "COMPONENT_MALFORMED",
      facts: { offset: file.length, section: 11 },
    });
  });

  it("10: names the function where the longest path of frames begins", () => {
    const length = 100;
    const file = ofParts({
      functions: Array.from({ length }, (_, index) => ({
        locals: [[200, i64]] as const,
        code: [
          ...(index === 0 ? MARK : []),
          ...(index === length - 1 ? [] : [0x10, ...u32(6 + index)]),
        ],
      })),
    });
    expect(refusalOf(file)).toEqual({
      code: "MODULE_LIMIT",
      facts: {
        // The body begins with its locals.
        offset: find(file, MARK) - 4,
        section: 10,
        index: 5,
        stackBytes: expect.any(Number) as number,
        limit: STATIC_STACK_BYTES_MAX,
      },
    });
  });

  it("10: names the function with which metered code grows too large", () => {
    const branches = Array.from({ length: 16_000 }, () => [0x20, 0, 0x0d, 0]).flat();
    const code = [0x03, 0x40, ...branches, 0x0b];
    const functions = Array.from({ length: 31 }, () => ({ locals: [[1, i32]] as const, code }));
    const file = ofParts({ functions });
    const { code: refused, facts } = refusalOf(file);
    expect(refused).toBe("MODULE_LIMIT");
    expect(facts).toMatchObject({ section: 10, limit: MODULE_METERED_BYTES_MAX });
    expect(facts["meteredBytes"]).toBeGreaterThan(MODULE_METERED_BYTES_MAX);
    const start = facts["offset"] ?? 0;
    expect([...file.subarray(start, start + 7)]).toEqual([1, 1, i32, 0x03, 0x40, 0x20, 0]);
  }, 60_000);

  it("1: shifts every offset by what stands before the module", () => {
    const plain = ofCode([0xfd]);
    const shifted = component(contractCore({}), section(1, [...PREAMBLE]));
    expect(refusalOf(plain).facts["offset"]).toBe(find(plain, MARK) + MARK.length);
    expect(() => admit(shifted)).not.toThrow();
    const preamble = plain.subarray(0, 8);
    const rest = plain.subarray(8);
    const moved = Uint8Array.from([...preamble, ...section(7, [0]), ...rest]);
    expect(refusalOf(moved).facts["offset"]).toBe(find(moved, MARK) + MARK.length);
  });
});
