/**
 * What the types of a large contract cost the type checker: counted, not timed, so the same everywhere.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "hermetic-"));
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
afterAll(() => rmSync(folder, { recursive: true }));

const METHODS = 100;
/** Type instantiations for each method of a contract that is called once, its share of records included. */
const PER_METHOD_MAX = 500;

/** An interface of so many methods, as `hermetic build` writes it, each called once. */
function useOf(methods: number): string {
  const record = (name: string, at: number): object => ({
    name: `${name}${at}`,
    fields: [
      { name: "id", type: "u64" },
      { name: "owner", type: "account" },
      { name: "rest", type: { list: { option: { data: `Data${Math.max(0, at - 1)}` } } } },
    ],
  });
  const each = Array.from({ length: methods }, (_, at) => at);
  const abi = {
    abi: 1,
    contract: "Large",
    methods: each.map((at) => ({
      name: `m${at}`,
      kind: at % 2 === 0 ? "command" : "query",
      inputs: [
        { name: "value", type: { data: `Data${at >> 2}` } },
        { name: "note", type: { option: "string" } },
      ],
      output: { data: `Data${at >> 2}` },
    })),
    types: each.slice(0, (methods + 3) >> 2).map((at) => record("Data", at)),
    events: each.slice(0, methods >> 2).map((at) => record("Event", at)),
    errors: each.slice(0, methods >> 2).map((at) => record("Error", at)),
    state: [],
  };
  const value = '{ id: 1n, owner: "", rest: [] }';
  const calls = each.map((at) =>
    at % 2 === 0
      ? `void (await c.command.m${at}({ value: ${value} })).value.id;`
      : `void (await c.query.m${at}({ value: ${value}, note: null })).rest;`,
  );
  const client = JSON.stringify(join(root, "sdk", "client", "index.ts"));
  return `import type { Contract, EventOf, ContractErrorOf } from ${client};
const abi = ${JSON.stringify(abi)} as const;
export async function use(c: Contract<typeof abi>, e: EventOf<typeof abi>, f: ContractErrorOf<typeof abi>): Promise<void> {
  ${calls.join("\n  ")}
  ${methods > 3 ? 'if (e.name === "Event0") void e.args.id; if (f.name === "Error0") void f.args.owner;' : "void [e, f];"}
}`;
}

async function instantiations(methods: number): Promise<number> {
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "use.ts"), useOf(methods));
  const config = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: {
      noEmit: true,
      composite: false,
      incremental: false,
      emitDeclarationOnly: false,
      rootDir: "/",
      lib: ["es2025", "esnext.typedarrays", "dom"],
      types: ["node"],
    },
    files: ["use.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const options = ["-p", folder, "--extendedDiagnostics", "--singleThreaded", "--pretty", "false"];
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, ...options]).catch(
    (failed: { stdout: string }) => failed,
  );
  expect(stdout).not.toContain("error TS");
  return Number(/^Instantiations:\s+(\d+)/m.exec(stdout)?.[1]);
}

it("costs little for each method of a large contract", { timeout: 120_000 }, async () => {
  const [few, many] = [await instantiations(1), await instantiations(METHODS)];
  expect((many - few) / METHODS).toBeLessThanOrEqual(PER_METHOD_MAX);
});
