/**
 * The runner itself: every file ends in passes, failures or skips with a reason, whatever it holds.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { beyondOurs } from "#test/conformance/features.ts";
import { scriptsOf } from "#test/conformance/run.ts";
import { runScript } from "#test/conformance/runner.ts";
import { Tally } from "#test/conformance/tally.ts";
import { assemble, constant, PREAMBLE, section, vector } from "#test/support/wasm.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hermetic-conformance-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const seven = assemble({ functions: [{ results: "i", code: constant(7), export: "f" }] });

/** Runs a script of these commands beside a module `f.wasm` that gives 7. */
function run(...commands: readonly unknown[]): Tally {
  writeFileSync(join(folder, "f.wasm"), seven);
  writeFileSync(join(folder, "script.json"), JSON.stringify({ commands }));
  return runAll();
}

function runAll(): Tally {
  const tally = new Tally();
  for (const path of scriptsOf(folder)) tally.add(runScript(path));
  return tally;
}

/** Runs a module that a script calls valid; what it was skipped or failed for. */
function judge(bytes: Uint8Array): string {
  writeFileSync(join(folder, "x.wasm"), bytes);
  const tally = run({ type: "module", line: 1, filename: "x.wasm" });
  return [...tally.failures, ...tally.skipped.keys()].join() || "passed";
}

const invoke = { type: "invoke", field: "f", args: [] };
const module = { type: "module", line: 1, filename: "f.wasm" };
const returns = (...values: readonly string[]): unknown => ({
  type: "assert_return",
  line: 2,
  action: invoke,
  expected: values.map((value) => ({ type: "i32", value })),
});

describe("runScript()", () => {
  it("passes what is right and fails what is wrong", () => {
    const tally = run(module, returns("7"), returns("8"), returns("7", "7"));
    expect([tally.passed, tally.failures.length]).toEqual([2, 2]);
  });

  it("takes a value of several, numbers with a sign, and none given", () => {
    const either = (...values: string[]): unknown => ({
      ...{ type: "assert_return", line: 3, action: invoke },
      expected: [{ type: "either", values: values.map((value) => ({ type: "i32", value })) }],
    });
    const any = { type: "assert_return", line: 4, action: invoke, expected: [{ type: "i32" }] };
    expect(run(module, either("1", "7"), any, returns("-4294967289")).failures).toEqual([]);
    expect(run(module, either("1", "2")).failures).toHaveLength(1);
  });

  it("instantiates a definition as often as it is asked to", () => {
    const tally = run(
      { ...module, type: "module_definition", name: "$d" },
      { type: "module_instance", line: 2, instance: "$a", module: "$d" },
      { type: "module_instance", line: 3, instance: "$b", module: "$d" },
      {
        type: "assert_return",
        line: 4,
        action: { ...invoke, module: "$a" },
        expected: [{ type: "i32", value: "7" }],
      },
      { type: "module_instance", line: 5, module: "$unheard" },
    );
    expect([tally.passed, tally.failures.length]).toEqual([4, 1]);
  });

  it("fails a file that cannot be read, and goes on with the next", () => {
    writeFileSync(join(folder, "a.json"), "{ commands: [");
    writeFileSync(join(folder, "b.json"), "");
    const tally = run(module, returns("7"));
    expect(tally.passed).toBe(2);
    expect(tally.failures.map((line) => line.slice(0, 6))).toEqual(["a.json", "b.json"]);
  });

  it("skips JSON that is no script", () => {
    for (const [index, text] of ["null", "[]", "{}", '"x"', '{"commands":1}'].entries()) {
      writeFileSync(join(folder, `${index}.json`), text);
    }
    expect([...runAll().skipped]).toEqual([["the file is JSON, but no script", 5]]);
  });

  it("fails a module whose file is missing or not named, and skips what needs it", () => {
    const tally = run(
      { ...module, filename: "no.wasm" },
      { type: "module", line: 2 },
      returns("7"),
    );
    expect([tally.passed, tally.failures.length]).toEqual([0, 2]);
    expect([...tally.skipped.keys()]).toEqual(["its module failed"]);
  });

  it("skips commands it does not know, by name", () => {
    const tally = run({ type: "assert_suspension", line: 1 }, { type: "thread" }, {}, null, 5);
    expect(tally.failures).toEqual([]);
    expect(tally.skipped.get("the command assert_suspension is unknown")).toBe(1);
    expect(tally.skipped.get("the command undefined is unknown")).toBe(3);
  });

  it("fails commands that lack what they need", () => {
    const commands = ["assert_return", "action", "assert_trap", "assert_exhaustion"].map(
      (type) => ({ type, line: 1, action: { type: "invoke", field: "none" } }),
    );
    expect(run(module, ...commands, { type: "register", name: "$none" }).failures).toHaveLength(5);
  });

  it("lets a tested module import from one that is skipped", () => {
    const twoTables = assemble({
      table: vector([
        [0x70, 0, 1],
        [0x70, 0, 1],
      ]),
      functions: [{ results: "i", code: constant(9), export: "nine" }],
    });
    const importer = assemble({
      imports: [{ module: "outside", name: "nine", params: "", results: "i" }],
      functions: [{ results: "i", code: [0x10, 0], export: "f" }],
    });
    writeFileSync(join(folder, "two.wasm"), twoTables);
    writeFileSync(join(folder, "in.wasm"), importer);
    const tally = run(
      { ...module, filename: "two.wasm" },
      { type: "register", line: 2, as: "outside" },
      { ...module, filename: "in.wasm" },
      returns("9"),
    );
    expect([tally.passed, tally.failures]).toEqual([2, []]);
    expect(tally.skipped.get("outside our feature set: several tables (reference types)")).toBe(2);
  });
});

describe("imports", () => {
  const of = (name: string): Uint8Array =>
    assemble({ imports: [{ module: "spectest", name, params: "", results: "" }] });

  it("that we do not offer are a reason to skip", () => {
    expect(judge(of("print"))).toBe("passed");
    expect(judge(of("print_all"))).toBe("an import that we do not offer: print_all");
  });

  it("that nobody offers must not link", () => {
    writeFileSync(join(folder, "x.wasm"), of("print_all"));
    const unlinkable = { type: "assert_unlinkable", line: 1, filename: "x.wasm" };
    expect(run(unlinkable).passed).toBe(1);
    expect(run({ ...unlinkable, filename: "f.wasm" }).failures).toHaveLength(1);
  });
});

describe("beyondOurs()", () => {
  const bare = (...sections: readonly (readonly number[])[]): Uint8Array =>
    Uint8Array.from([...PREAMBLE, ...sections.flat()]);
  const body = (...code: readonly number[]): Uint8Array =>
    assemble({ functions: [{ code }], table: vector([[0x70, 0, 1]]) });

  it.each([
    ["vectors", bare(section(1, vector([[0x60, ...vector([[0x7b]]), 0]])))],
    ["opcode 0xfd0c (vectors)", body(0xfd, 12, ...Array.from({ length: 16 }, () => 0), 0x1a)],
    ["opcode 0xfe10 (threads)", body(...constant(0), 0xfe, 0x10, 2, 0, 0x1a)],
    ["opcode 0xfb1c (garbage collection)", body(...constant(0), 0xfb, 0x1c, 0x1a)],
    ["type form 0x5f (garbage collection)", bare(section(1, vector([[0x5f, 0]])))],
    ["opcode 0x12 (tail calls)", body(0x12, 0)],
    ["opcode 0x1f (exceptions)", body(0x1f, 0x40, 0, 0x0b)],
    ["section 13 (exceptions)", bare(section(1, vector([[0x60, 0, 0]])), section(13, [1, 0, 0]))],
    ["opcode 0xd2 (reference types)", body(0xd2, 0, 0x1a)],
    [
      "opcode 0x1c (reference types)",
      body(...constant(1), ...constant(2), ...constant(3), 0x1c, 1, 0x7f, 0x1a),
    ],
    ["opcode 0xfc0f (reference types)", body(...constant(0), ...constant(0), 0xfc, 15, 0)],
    [
      "several tables (reference types)",
      body(...constant(0), ...constant(0), ...constant(0), 0xfc, 14, 0, 1),
    ],
    [
      "element segment 0x05 (reference types)",
      assemble({ functions: [{ code: [] }], elements: [[5, 0x70, ...vector([[0xd2, 0, 0x0b]])]] }),
    ],
    [
      "several memories",
      bare(
        section(
          5,
          vector([
            [0, 1],
            [0, 1],
          ]),
        ),
      ),
    ],
    ["limits 0x04 (threads or 64-bit addresses)", bare(section(5, vector([[4, 1]])))],
    ["limits 0x03 (threads or 64-bit addresses)", bare(section(5, vector([[3, 1, 2]])))],
    [
      "extended constant expressions",
      assemble({ functions: [], globals: [[0x7f, 0, ...constant(1), ...constant(2), 0x6a, 0x0b]] }),
    ],
    ["components", Uint8Array.from([...PREAMBLE.slice(0, 4), 13, 0, 1, 0])],
  ])("finds %s", (feature, bytes) => {
    expect(beyondOurs(bytes)).toContain(feature);
    expect(judge(bytes)).toBe(`outside our feature set: ${beyondOurs(bytes)}`);
  });

  it("finds nothing in a module of our features", () => {
    expect(beyondOurs(seven)).toBeUndefined();
    expect(judge(seven)).toBe("passed");
  });

  it("finds nothing in bytes that are no module: they fail", () => {
    expect(judge(Uint8Array.from([0, 0x61, 0x73]))).toContain("refused: MODULE_MALFORMED");
    expect(judge(body(0x6a))).toContain("refused: MODULE_INVALID");
  });

  it("property: any bytes end in a verdict", () => {
    const tail = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(tail, (bytes) => {
        const found = beyondOurs(Uint8Array.from([...PREAMBLE, ...bytes]));
        expect(found === undefined || found.length > 0).toBe(true);
      }),
    );
  });
});
