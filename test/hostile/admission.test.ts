/**
 * ATTACKS A: what must be refused before any compile, and how readable the refusal is.
 *
 * Numbers in test names are those of the lines of `ATTACKS.md`. Bounds on work are asserted as
 * counts and sizes; nothing here depends on how fast the machine is.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "#protocol/fault.ts";
import {
  COMPONENT_BYTES_MAX,
  MODULE_BRANCH_TARGETS_MAX,
  MODULE_EXPORTS_MAX,
  MODULE_FUNCTIONS_MAX,
  MODULE_GLOBALS_MAX,
  MODULE_IMPORTS_MAX,
  MODULE_LOCALS_MAX,
  MODULE_NAME_BYTES_MAX,
  MODULE_NESTING_MAX,
  MODULE_PARAMETERS_MAX,
  MODULE_TABLE_ENTRIES_MAX,
  MODULE_TYPES_MAX,
} from "#protocol/limits.ts";
import { admit } from "#host/vm/admit.ts";
import { contractCore, run, RESULT, type ContractParts } from "#test/support/contract.ts";
import {
  bareComponent,
  component,
  constant,
  drop,
  exported,
  i32,
  i64,
  name,
  PREAMBLE,
  section,
  signed,
  u32,
  vector,
  type Code,
} from "#test/support/wasm.ts";

/** The fault that refuses a file, or "admitted". Anything else that is thrown fails the test. */
function refusal(file: Uint8Array): string {
  try {
    admit(file);
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
  return "admitted";
}

const ofParts = (parts: ContractParts): string => refusal(component(contractCore(parts)));
const ofBody = (code: Code): string => ofParts({ command: [...code, ...constant(RESULT)] });
const repeat = (count: number, code: Code): number[] =>
  Array.from({ length: count }, () => code).flat();
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** A contract that uses every section kind a contract may have. */
const rich: ContractParts = {
  imports: ["state.get", "context.now"],
  globals: [
    [i32, 1, ...constant(5), 0x0b],
    [i64, 0, 0x42, ...signed(-7), 0x0b],
  ],
  table: vector([[0x70, 0x01, 2, 2]]),
  elements: [[0x00, ...constant(0), 0x0b, ...vector([u32(2), u32(3)])]],
  data: [[0x00, ...constant(64), 0x0b, ...vector([[1], [2], [3]])]],
  extra: new Map([[9, section(12, u32(1))]]),
  locals: [[2, i32]],
  command: [0x10, 1, drop, 0x02, 0x40, ...constant(3), 0x0e, 1, 0, 0, 0x0b, ...constant(RESULT)],
};

describe("admission", () => {
  it("1: admits a valid component and refuses an empty file, bad magic and a bad version", () => {
    expect(ofParts(rich)).toBe("admitted");
    expect(refusal(bytes())).toBe("COMPONENT_MALFORMED");
    expect(refusal(bytes(0x7f, 0x45, 0x4c, 0x46))).toBe("COMPONENT_MALFORMED");
    expect(refusal(contractCore({}))).toBe("COMPONENT_MALFORMED");
    const wrongCore = contractCore({});
    wrongCore[4] = 2;
    expect(refusal(component(wrongCore))).toBe("MODULE_MALFORMED");
  });

  it("1: refuses a component truncated at every byte offset", () => {
    const file = component(contractCore(rich));
    for (let length = 0; length < file.length; length++) {
      expect(refusal(file.subarray(0, length)), `length ${length}`).toMatch(/^(COMPONENT|MODULE)_/);
    }
  });

  it("1: refuses a core module truncated at every byte offset inside a whole component", () => {
    const core = contractCore(rich);
    for (let length = 0; length < core.length; length++) {
      expect(refusal(component(core.subarray(0, length))), `length ${length}`).toMatch(/^MODULE_/);
    }
  });

  it("1: property: flipped bytes are refused with a fault or give a module that runs to an outcome", () => {
    const core = contractCore(rich);
    const flip = fc.tuple(fc.nat(core.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), (flips) => {
        const changed = core.slice();
        for (const [at, mask] of flips) changed[at] = (changed[at] ?? 0) ^ mask;
        if (refusal(component(changed)) !== "admitted") return;
        const outcome = run(admit(component(changed)), {}, 100_000);
        expect(["returned", "failed", "fault"]).toContain(outcome.end.kind);
      }),
      { numRuns: 5_000 },
    );
  });

  it("1: property: random bytes, bare or in a frame, are refused with a fault", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(2), (random, frame) => {
        const core = bytes(...PREAMBLE, ...random);
        expect(refusal([random, component(random), component(core)][frame] ?? random)).toMatch(
          /^(COMPONENT|MODULE)_/,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("2: refuses over-long numbers, lengths beyond the file, sections repeated or out of order", () => {
    const raw = (...content: Code[]): string =>
      refusal(component(bytes(...PREAMBLE, ...content.flat())));
    expect(raw([1, 0x81, 0x00, 0x00])).toBe("MODULE_MALFORMED");
    expect(raw([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00])).toBe("MODULE_MALFORMED");
    expect(raw([1, 0xff, 0xff, 0xff, 0xff, 0x1f])).toBe("MODULE_MALFORMED");
    expect(raw([1, 0x05, 0x00])).toBe("MODULE_MALFORMED");
    expect(raw(section(1, [0]), section(1, [0]))).toBe("MODULE_MALFORMED");
    expect(raw(section(3, [0]), section(1, [0]))).toBe("MODULE_MALFORMED");
    expect(raw(section(10, [0]), section(12, [0]))).toBe("MODULE_MALFORMED");
    expect(raw(section(13, [0]))).toBe("MODULE_MALFORMED");
    expect(raw(section(1, [0, 0]))).toBe("MODULE_MALFORMED");
    expect(ofBody([0x41, 0x80, 0x00, drop])).toBe("MODULE_MALFORMED");
    expect(ofBody([0x41, 0xff, 0x7f, drop])).toBe("MODULE_MALFORMED");
    expect(ofBody([0x42, 0x80, 0x80, 0x00, drop])).toBe("MODULE_MALFORMED");
  });

  it("3: refuses data counts that lie, segments outside memory or table, corrupt custom sections", () => {
    const lie = new Map([[9, section(12, u32(2))]]);
    expect(ofParts({ ...rich, extra: lie })).toBe("MODULE_MALFORMED");
    const outside: Code = [0x00, ...constant(65_534), 0x0b, ...vector([[1], [2], [3]])];
    expect(ofParts({ data: [outside] })).toBe("MODULE_MEMORY");
    expect(ofParts({ data: [[0x00, ...constant(-1), 0x0b, ...vector([[1]])]] })).toBe(
      "MODULE_MEMORY",
    );
    expect(ofParts({ data: [[0x02, 0x00, ...constant(0), 0x0b, ...vector([])]] })).toBe(
      "MODULE_MEMORY",
    );
    const table = vector([[0x70, 0x00, 1]]);
    const elements = (...items: Code[]): string => ofParts({ table, elements: items });
    expect(elements([0x00, ...constant(1), 0x0b, ...vector([u32(0)])])).toBe("MODULE_TABLE");
    expect(elements([0x00, ...constant(-1), 0x0b, ...vector([u32(0)])])).toBe("MODULE_TABLE");
    expect(elements([0x00, ...constant(0), 0x0b, ...vector([u32(999)])])).toBe("MODULE_MALFORMED");
    expect(elements([0x01, 0x00, ...vector([u32(999)])])).toBe("MODULE_MALFORMED");
    expect(elements([0x01, 0x01, ...vector([u32(0)])])).toBe("MODULE_TABLE");
    expect(elements([0x02, 0x01, ...constant(0), 0x0b, 0x00, ...vector([u32(0)])])).toBe(
      "MODULE_TABLE",
    );
    for (const form of [0x04, 0x05, 0x06, 0x07, 0x08]) {
      expect(elements([form, 0x00, ...vector([u32(0)])])).toBe("MODULE_TABLE");
    }
    expect(ofParts({ extra: new Map([[1, section(0, [200, 1])]]) })).toBe("MODULE_MALFORMED");
  });

  it("4: refuses imports that are unknown, ill-typed, repeated or no functions, naming the index", () => {
    const importing = (...entries: Code[]): Uint8Array =>
      component(
        bytes(
          ...PREAMBLE,
          ...section(
            1,
            vector([
              [0x60, 0, 0],
              [0x60, 3, i32, i32, i32, 0],
            ]),
          ),
          ...section(2, vector(entries)),
        ),
      );
    const state = name("hermetic:contract/state@0.1.0");
    const get: Code = [...state, ...name("get"), 0, 1];
    expect(refusal(importing([...name("env"), ...name("abort"), 0, 0]))).toBe("MODULE_IMPORT");
    expect(refusal(importing([...name("constructor"), ...name("freeze"), 0, 0]))).toBe(
      "MODULE_IMPORT",
    );
    expect(refusal(importing([...state, ...name("constructor"), 0, 0]))).toBe("MODULE_IMPORT");
    expect(refusal(importing([...state, ...name("__proto__"), 0, 0]))).toBe("MODULE_IMPORT");
    expect(refusal(importing([...state, ...name("get"), 0, 0]))).toBe("MODULE_IMPORT");
    expect(refusal(importing(get, get))).toBe("MODULE_IMPORT");
    expect(refusal(importing([...name("env"), ...name("memory"), 2, 0, 1]))).toBe("MODULE_IMPORT");
    expect(refusal(importing([...name("env"), ...name("table"), 1, 0x70, 0, 1]))).toBe(
      "MODULE_IMPORT",
    );
    expect(refusal(importing([...name("env"), ...name("g"), 3, i32, 0]))).toBe("MODULE_IMPORT");
    expect(() => admit(importing(get, [...name("env"), ...name("abort"), 0, 0]))).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ index: 1 }) as object }),
    );
  });

  it("5: refuses missing or ill-typed exports, repeated and reserved names", () => {
    const without = (label: string): Uint8Array => {
      const core = contractCore({});
      const at = core.findIndex((_, index) =>
        name(label).every((byte, offset) => core[index + offset] === byte),
      );
      core[at + 1] = 0x5f;
      return component(core);
    };
    for (const label of ["memory", "cabi_realloc", "init", "command", "query"]) {
      expect(refusal(without(label)), label).toBe("MODULE_EXPORT");
    }
    const also = (...entries: Code[]): string => ofParts({ exports: entries });
    expect(also(exported("cabi_post_init", 0, 0))).toBe("MODULE_EXPORT");
    expect(also(exported("cabi_post_query", 2, 0))).toBe("MODULE_EXPORT");
    expect(also(exported("command", 0, 1))).toBe("MODULE_EXPORT");
    expect(also(exported("hermetic:gas", 0, 0))).toBe("MODULE_EXPORT");
    expect(also(exported("hermetic:stack", 0, 0))).toBe("MODULE_EXPORT");
    expect(also(exported("extra", 0, 0))).toBe("admitted");
  });

  it("5: keeps counters out of reach: their indexes do not exist in the uploaded module", () => {
    expect(ofParts({ exports: [exported("mine", 3, 0)] })).toBe("MODULE_INVALID");
    expect(ofBody([0x42, ...signed(1), 0x24, 0])).toBe("MODULE_INVALID");
    expect(ofBody([0x23, 1, drop])).toBe("MODULE_INVALID");
  });

  it("6: refuses a start function", () => {
    expect(ofParts({ extra: new Map([[7, section(8, u32(4))]]) })).toBe("MODULE_START");
  });

  it("7: refuses two memories, memory64, shared memory, no memory and too many pages", () => {
    const memory = (...items: Code[]): string => {
      const core = contractCore({ memory: null, extra: new Map([[3, section(5, vector(items))]]) });
      return refusal(component(core));
    };
    expect(memory([0, 1])).toBe("admitted");
    expect(memory([1, 1, ...u32(65_536)])).toBe("admitted");
    expect(memory([0, 1], [0, 1])).toBe("MODULE_MEMORY");
    expect(memory([4, 1])).toBe("MODULE_MEMORY");
    expect(memory([3, 1, 2])).toBe("MODULE_MEMORY");
    expect(memory([0, ...u32(257)])).toBe("MODULE_MEMORY");
    expect(memory([0, ...u32(256)])).toBe("admitted");
    expect(refusal(component(contractCore({ memory: null })))).toBe("MODULE_MEMORY");
  });

  it("8: refuses huge tables, several tables, and tables that change size or hold anything but functions", () => {
    const table = (...items: Code[]): string => ofParts({ table: vector(items) });
    expect(table([0x70, 0, ...u32(MODULE_TABLE_ENTRIES_MAX)])).toBe("admitted");
    expect(table([0x70, 0, ...u32(MODULE_TABLE_ENTRIES_MAX + 1)])).toBe("MODULE_TABLE");
    expect(table([0x70, 0, ...u32(1e9)])).toBe("MODULE_TABLE");
    expect(table([0x70, 0, 1], [0x70, 0, 1])).toBe("MODULE_TABLE");
    expect(table([0x6f, 0, 1])).toBe("MODULE_TABLE");
    for (const code of [0x0f, 0x10, 0x11, 0x12]) {
      expect(ofBody([0xfc, code, 0, 0]), `fc ${code}`).toBe("MODULE_OPCODE");
    }
    expect(ofBody([...constant(0), 0x25, 0, drop])).toBe("MODULE_OPCODE");
  });

  it("9: refuses every opcode that is not on the list, and lists no other", () => {
    const allowed = new Set<number>();
    for (let code = 0; code < 256; code++) {
      // Zeros after it satisfy any immediate; what is wrong then is typing, not the opcode.
      if (ofBody([code, ...repeat(12, [0])]) !== "MODULE_OPCODE") allowed.add(code);
    }
    const ranges: [number, number][] = [
      [0x00, 0x05],
      [0x0b, 0x11],
      [0x1a, 0x1b],
      [0x20, 0x24],
    ];
    const expected = [...ranges, [0x28, 0xc4] as const, [0xfc, 0xfc] as const].flatMap(
      ([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index),
    );
    expect([...allowed]).toEqual(expected);
  });

  it("10: caps params, locals, body size, nesting and branch tables", () => {
    const params = (count: number): string =>
      ofParts({ functions: [{ params: "i".repeat(count), code: [] }] });
    expect(params(MODULE_PARAMETERS_MAX)).toBe("admitted");
    expect(params(MODULE_PARAMETERS_MAX + 1)).toBe("MODULE_LIMIT");
    const locals = (...runs: (readonly [number, number])[]): string =>
      ofParts({ functions: [{ locals: runs, code: [] }] });
    expect(locals([MODULE_LOCALS_MAX, i32])).toBe("admitted");
    expect(locals([MODULE_LOCALS_MAX, i32], [1, i64])).toBe("MODULE_LIMIT");
    expect(locals([0xffff_ffff, i32], [0xffff_ffff, i32])).toBe("MODULE_LIMIT");
    expect(ofBody(repeat(100_000, [0x01]))).toBe("admitted");
    expect(ofBody(repeat(200_000, [0x01]))).toBe("MODULE_LIMIT");
    const nested = (depth: number): string =>
      ofBody([...repeat(depth, [0x02, 0x40]), ...repeat(depth, [0x0b])]);
    expect(nested(MODULE_NESTING_MAX)).toBe("admitted");
    expect(nested(MODULE_NESTING_MAX + 1)).toBe("MODULE_LIMIT");
    expect(nested(10_000)).toBe("MODULE_LIMIT");
    const branches = (count: number): string =>
      ofBody([0x02, 0x40, ...constant(0), 0x0e, ...u32(count), ...repeat(count + 1, [0]), 0x0b]);
    expect(branches(MODULE_BRANCH_TARGETS_MAX - 1)).toBe("admitted");
    expect(branches(MODULE_BRANCH_TARGETS_MAX)).toBe("MODULE_LIMIT");
    expect(branches(100_000)).toBe("MODULE_LIMIT");
  });

  it("10: refuses a static call path whose frames exceed their limit, in a graph of any depth", () => {
    const chain = (length: number): string =>
      ofParts({
        functions: Array.from({ length }, (_, index) => ({
          code: index === length - 1 ? [] : [0x10, ...u32(6 + index)],
        })),
      });
    expect(chain(900)).toBe("admitted");
    expect(chain(1_100)).toBe("MODULE_LIMIT");
    expect(chain(MODULE_FUNCTIONS_MAX - 5)).toBe("MODULE_LIMIT");
  });

  it("11: caps types, functions, imports, exports, globals and names; refuses names that are not ASCII", () => {
    const head = (id: number, count: number): string =>
      refusal(component(bytes(...PREAMBLE, ...section(id, [...u32(count), 0, 0, 0]))));
    expect(head(1, MODULE_TYPES_MAX + 1)).toBe("MODULE_LIMIT");
    expect(head(2, MODULE_IMPORTS_MAX + 1)).toBe("MODULE_LIMIT");
    expect(head(3, MODULE_FUNCTIONS_MAX + 1)).toBe("MODULE_LIMIT");
    expect(head(6, MODULE_GLOBALS_MAX + 1)).toBe("MODULE_LIMIT");
    expect(head(7, MODULE_EXPORTS_MAX + 1)).toBe("MODULE_LIMIT");
    expect(head(9, 0xffff_ffff)).toBe("MODULE_LIMIT");
    expect(head(11, 0xffff_ffff)).toBe("MODULE_LIMIT");
    const label = (text: string): string => ofParts({ exports: [exported(text, 0, 0)] });
    expect(label("x".repeat(MODULE_NAME_BYTES_MAX))).toBe("admitted");
    expect(label("x".repeat(MODULE_NAME_BYTES_MAX + 1))).toBe("MODULE_MALFORMED");
    expect(label("x".repeat(2 ** 20))).toBe("MODULE_MALFORMED");
    expect(label("naïve")).toBe("MODULE_MALFORMED");
    expect(label("a\nb")).toBe("MODULE_MALFORMED");
  });

  it("12: refuses a file over the limit by its length alone", () => {
    expect(refusal(new Uint8Array(COMPONENT_BYTES_MAX + 1))).toBe("MODULE_TOO_LARGE");
    expect(refusal(new Uint8Array(COMPONENT_BYTES_MAX))).toBe("COMPONENT_MALFORMED");
  });

  it("14: gives the same metered code for the same bytes", () => {
    const file = component(contractCore(rich));
    expect(admit(file).codeBytes).toBe(admit(file).codeBytes);
    expect(run(admit(file))).toEqual(run(admit(file)));
  });

  it("16: strips custom sections, and exports nothing but what the host calls", () => {
    const secret = section(0, [...name("name"), ...name("the password is swordfish")]);
    const parts = { ...rich, exports: [exported("leak", 1, 0)] };
    const core = contractCore({
      ...parts,
      extra: new Map([
        [-1, secret],
        [9, section(12, u32(1))],
        [11, secret],
      ]),
    });
    const { module } = admit(component(core));
    const { customSections, exports } = WebAssembly.Module as unknown as {
      customSections(of: WebAssembly.Module, label: string): unknown[];
      exports(of: WebAssembly.Module): { name: string }[];
    };
    expect(customSections(module, "name")).toEqual([]);
    expect(exports(module).map(({ name: label }) => label)).toEqual([
      "memory",
      "cabi_realloc",
      "init",
      "command",
      "query",
      "_initialize",
      "hermetic:restore",
      "hermetic:pay",
      "hermetic:gas",
      "hermetic:stack",
    ]);
  });
});

describe("a component around the module", () => {
  const core = contractCore({});

  it("1: may hold helpers that own nothing, custom sections and types", () => {
    const helper = [...PREAMBLE, ...section(1, [0])];
    const custom = section(0, [...name("producers"), 1, 2, 3]);
    expect(refusal(component(core, section(1, helper), custom, section(7, [0])))).toBe("admitted");
  });

  it("1: may hold no nested component, start function, value, fourth module or helper with memory", () => {
    const helper = [...PREAMBLE, ...section(1, [0])];
    for (const id of [4, 9, 12, 13, 200]) {
      expect(refusal(component(core, section(id, [0]))), `section ${id}`).toBe(
        "COMPONENT_MALFORMED",
      );
    }
    expect(refusal(component(core, ...Array.from({ length: 3 }, () => section(1, helper))))).toBe(
      "COMPONENT_MALFORMED",
    );
    expect(refusal(component(core, section(1, [...core])))).toBe("COMPONENT_MALFORMED");
    expect(refusal(component(core, section(1, [...PREAMBLE, 1, 9])))).toBe("COMPONENT_MALFORMED");
  });

  it("1: must export the world and carry what the build wrote, each once", () => {
    const part = (label: string): Code => section(0, name(label));
    const both = [...part("hermetic:abi"), ...part("hermetic:build")];
    const entry = (label: string, sort = 1, type = 0): number[] => [
      0,
      ...name(label),
      sort,
      0,
      type,
    ];
    const exporting = (...entries: Code[]): string =>
      refusal(bareComponent(core, section(11, vector(entries)), both));
    const world = [entry("init"), entry("command"), entry("query")];
    expect(exporting(...world)).toBe("admitted");
    expect(exporting(...world.slice(1))).toBe("COMPONENT_MALFORMED");
    expect(exporting(...world, entry("more"))).toBe("COMPONENT_MALFORMED");
    expect(exporting(...world.slice(1), entry("query"))).toBe("COMPONENT_MALFORMED");
    expect(exporting(...world.slice(1), entry("init", 5))).toBe("COMPONENT_MALFORMED");
    expect(exporting(...world.slice(1), entry("init", 1, 1))).toBe("COMPONENT_MALFORMED");
    const exports = section(11, vector(world));
    for (const tail of [
      [],
      part("hermetic:abi"),
      part("hermetic:build"),
      [...both, ...part("hermetic:abi")],
    ]) {
      expect(refusal(bareComponent(core, exports, tail))).toBe("COMPONENT_MALFORMED");
    }
  });

  it("11: may hold only so many sections", () => {
    const many = Array.from({ length: 600 }, () => section(7, [0]));
    expect(refusal(component(core, ...many))).toBe("COMPONENT_MALFORMED");
  });
});
