/**
 * The container around a contract, with the component tools as oracle.
 *
 * What `componentNew` writes must be accepted, and it accepts only what the WIT world allows: so a
 * module that imports every host function with the signatures of our table proves the table.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { hostFunctionKeys, hostFunctions } from "#host/functions/table.ts";
import { runCall } from "#host/functions/call.ts";
import { admit } from "#host/vm/admit.ts";
import { parseComponent } from "#host/vm/component.ts";
import { worldImports } from "#host/vm/world.ts";
import { encodeHttpGrants, HTTP_SECTION } from "#protocol/http-grant.ts";
import { compileKernel } from "#test/support/assembly.ts";
import { contractCore, environment, GAS, RESULT } from "#test/support/contract.ts";
import { grantOf } from "#test/support/http-caller.ts";
import { component, constant, name, section } from "#test/support/wasm.ts";

const WIT = join(import.meta.dirname, "..", "..", "..", "sdk", "wit", "contract.wit");

/** @param migrates - Whether the core exports `migrate`, which older components lack. */
async function build(core: Uint8Array, migrates = false): Promise<Uint8Array> {
  const source = readFileSync(WIT, "utf8");
  const witSource = migrates ? source : source.replace(/^ *export migrate:.*$/m, "");
  const world = { witSource, stringEncoding: "utf16", world: "contract" } as const;
  const file = await componentNew(await componentEmbed({ binary: core, ...world }), []);
  const built = ["hermetic:abi", "hermetic:build"].flatMap((label) => section(0, name(label)));
  return Uint8Array.from([...file, ...built]);
}

describe("parseComponent()", () => {
  it("finds the main module in what the component tools write", async () => {
    const core = contractCore({ imports: hostFunctionKeys });
    const found = parseComponent(await build(core)).core;
    expect(found.subarray(0, core.length)).toEqual(core);
  });

  it("takes one more export, which is kept by what it is called for", async () => {
    const migrate = { params: "iiii", results: "i", code: constant(RESULT), export: "migrate" };
    const file = await build(contractCore({ functions: [migrate] }), true);
    expect(admit(file).migrates).toBe(true);
    expect(WebAssembly.Module.exports(admit(file).module).map(({ name: own }) => own)).toContain(
      "migrate",
    );
    expect(admit(await build(contractCore({}))).migrates).toBe(false);
  });

  it("lists custom sections with the bytes they span", () => {
    const file = component(contractCore({}), section(0, [...name("notes"), 1, 2, 3]));
    const { customs } = parseComponent(file);
    expect(customs.map((custom) => custom.name)).toEqual([
      "notes",
      "hermetic:abi",
      "hermetic:build",
    ]);
    expect(file.subarray(customs[0]?.start, customs[0]?.end)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("reads which methods may be entered again, once and in one form only", () => {
    const reentrant = (...content: number[]): number[] =>
      section(0, [...name("hermetic:reentrant"), ...content]);
    const file = (...sections: readonly number[][]): Uint8Array =>
      component(contractCore({}), ...sections);
    const two = reentrant(2, ...name("add"), ...name("spin"));
    expect(admit(file(two)).reentrant).toEqual(new Set(["add", "spin"]));
    expect(admit(file()).reentrant).toEqual(new Set());
    for (const bad of [
      file(two, two),
      file(reentrant()),
      file(reentrant(1)),
      file(reentrant(1, ...name("add"), 0)),
      file(reentrant(0xff, 0xff, 0xff, 0xff, 0x0f)),
      file(reentrant(1, 2, 0xc3, 0xa4)),
    ]) {
      expect(() => admit(bad)).toThrow(expect.objectContaining({ code: "COMPONENT_MALFORMED" }));
    }
  });

  it("reads what it may ask of the outside world, once and in one form only", () => {
    const grants = [grantOf("https://a.b", { headers: ["x-api-key"] }), grantOf("https://*.c:*")];
    const declared = (content: Uint8Array): number[] =>
      section(0, [...name(HTTP_SECTION), ...content]);
    const file = (...sections: readonly number[][]): Uint8Array =>
      component(contractCore({}), ...sections);
    const good = declared(encodeHttpGrants(grants));
    expect(admit(file(good)).httpGrants).toEqual(grants);
    expect(admit(file()).httpGrants).toEqual([]);
    for (const bad of [
      file(good, good),
      file(declared(new Uint8Array(0))),
      file(declared(encodeHttpGrants(grants).subarray(1))),
      file(declared(encodeHttpGrants([grantOf("https://a.b/")]))),
    ]) {
      expect(() => admit(bad)).toThrow(expect.objectContaining({ code: "COMPONENT_GRANTS" }));
    }
  });

  it("refuses what the component tools write when it is cut at any byte", async () => {
    const file = await build(contractCore({ imports: hostFunctionKeys, initialize: [0x01] }));
    for (let length = 0; length < file.length; length++) {
      expect(() => parseComponent(file.subarray(0, length)), `length ${length}`).toThrow(
        expect.objectContaining({ code: "COMPONENT_MALFORMED" }),
      );
    }
    expect(() => parseComponent(file)).not.toThrow();
  });

  it("leads to a contract that runs", async () => {
    const file = await build(await compileKernel("sieve"));
    const request = { method: "m", args: Uint8Array.of(2), gasLimit: GAS };
    const { end } = runCall(admit(file), request, environment());
    // 168 primes below 1,000.
    expect(end).toEqual({ kind: "returned", value: Uint8Array.of(168, 0, 0, 0, 0, 0, 0, 0) });
  });
});

describe("the table of host functions", () => {
  it.each(hostFunctionKeys)("agrees with the WIT world: %s", async (key) => {
    const file = await build(contractCore({ imports: [key] }));
    expect(admit(file).imports).toEqual([key]);
  });

  it("has a row for every import of the world, and the oracle notices a wrong one", async () => {
    expect(Object.keys(hostFunctions)).toEqual(Object.keys(worldImports));
    const core = contractCore({ imports: ["state.get"] });
    // The first type is that of `state.get`: three parameters become two.
    const at = core.indexOf(0x60);
    const shorter = [...core.subarray(0, at + 1), 2, ...core.subarray(at + 3)];
    shorter[9] = (shorter[9] ?? 0) - 1;
    await expect(build(Uint8Array.from(shorter))).rejects.toThrow(
      "failed to validate import interface",
    );
  });

  it("gives queries nothing that writes, and everything to commands", () => {
    const query = hostFunctionKeys.filter((key) => !hostFunctions[key].modes.includes("query"));
    expect(query).toEqual([
      "state.set",
      "state.remove",
      "events.emit",
      "contracts.instantiate",
      "contracts.upgrade",
      "scheduler.plan",
      "scheduler.cancel",
    ]);
    for (const { modes } of Object.values(hostFunctions)) expect(modes).toContain("command");
  });
});
