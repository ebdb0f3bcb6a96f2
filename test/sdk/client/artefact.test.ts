import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { abiOf, HermeticError, parseAbi, parseAbiText } from "#sdk/client/index.ts";
import { fixture } from "#test/support/fixtures.ts";
import { probeAbi } from "#test/sdk/client/probe-abi.ts";

describe("abiOf()", () => {
  let wasm: Uint8Array;
  beforeAll(async () => {
    wasm = await fixture("probe");
  });

  it("reads what the build put in", () => {
    expect(abiOf(wasm)).toEqual(probeAbi);
  });

  it("refuses a core module, an empty file and one without the section", () => {
    const core = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    for (const file of [core, new Uint8Array(), wasm.slice(0, 8)]) {
      expect(() => abiOf(file)).toThrow(
        expect.objectContaining({ code: "HRM2003", kind: "usage" }),
      );
    }
  });

  it("property: refuses a file that is cut or flipped anywhere, or finds the same kind of thing in it", () => {
    const damage = fc.tuple(fc.nat(), fc.boolean());
    fc.assert(
      fc.property(damage, ([seed, cuts]) => {
        const at = seed % wasm.length;
        const damaged = cuts ? wasm.slice(0, at) : new Uint8Array(wasm);
        if (!cuts) damaged[at] = (damaged[at] ?? 0) ^ 0xff;
        try {
          expect(abiOf(damaged).abi).toBe(1);
        } catch (error) {
          if (!(error instanceof HermeticError)) throw error;
          expect(["HRM2003", "HRM2007"]).toContain(error.code);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("parseAbi()", () => {
  const good = { abi: 1, contract: "A", methods: [], types: [], events: [], errors: [], state: [] };
  const method = { name: "m", kind: "query", inputs: [], output: null };
  const withType = (type: unknown): unknown => ({
    ...good,
    methods: [{ ...method, output: type }],
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["another version", { ...good, abi: 2 }],
    ["no methods", { ...good, methods: undefined }],
    ["a method of no kind", { ...good, methods: [{ ...method, kind: "view" }] }],
    ["a method without inputs", { ...good, methods: [{ ...method, inputs: {} }] }],
    ["an unknown type", withType("u512")],
    ["a type that is not defined", withType({ data: "Bid" })],
    ["an inherited name as type", withType("toString")],
    ["an option of an option", withType({ option: { option: "u8" } })],
    [
      "a field twice",
      {
        ...good,
        types: [
          {
            name: "T",
            fields: [
              { name: "a", type: "u8" },
              { name: "a", type: "u8" },
            ],
          },
        ],
      },
    ],
  ])("refuses %s", (_, abi) => {
    expect(() => parseAbi(abi)).toThrow(
      expect.objectContaining({ code: "HRM2007", kind: "usage" }),
    );
  });

  it("refuses types nested without end, and text that is no JSON", () => {
    let type: unknown = "u8";
    for (let i = 0; i < 100; i++) type = { list: type };
    expect(() => parseAbi(withType(type))).toThrow("nested too deeply");
    expect(() => parseAbiText("{")).toThrow("it is not JSON");
    expect(parseAbiText(JSON.stringify(good))).toEqual(good);
  });

  it("property: never throws anything but its own error", () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom("methods", "types", "events", "errors", "state"),
        (json, part) => {
          try {
            parseAbi({ ...good, [part]: json });
          } catch (error) {
            expect(error).toBeInstanceOf(HermeticError);
          }
        },
      ),
    );
  });
});
