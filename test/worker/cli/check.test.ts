/**
 * `hermetic check`: what an upgrade would do to stored state, against artefacts and a running contract.
 *
 * Most of it runs in this process, where the compiler stays warm.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { build } from "#sdk/transform/index.ts";
import { hermetic, hermeticJson, type Line } from "#test/support/hermetic.ts";
import { WorkerProcess } from "#test/support/worker-process.ts";
import { checkContracts, type CheckFlags } from "#worker/cli/commands/check.ts";
import { failureOf } from "#worker/cli/failure.ts";
import type { Terminal } from "#worker/cli/terminal.ts";
import { sayFailure } from "#worker/cli/verb.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

function purse(fields: string, extra = ""): string {
  return `import { ctx } from "hermetic/contract";
${extra}
@contract
export class Purse {
  ${fields}
  @query
  height(): u64 {
    return ctx.height();
  }
}
`;
}

const LOSS = { error: { name: "LAYOUT_CHANGED", code: "HRM2009" } };

let folder: string;
const path = (name: string): string => join(folder, name);

function write(name: string, text: string): string {
  writeFileSync(path(name), text);
  return path(name);
}

/** As the command does it, with `--json`. */
async function check(
  entry: string,
  flags: CheckFlags = {},
): Promise<{ status: number; value: Line }> {
  const said: Line[] = [];
  const terminal: Terminal = {
    isJson: true,
    isInteractive: false,
    result: (value) => void said.push(value),
    note: () => undefined,
    style: (_style, text) => text,
    progress: (_text, work) => work,
  };
  let status: number;
  try {
    status = await checkContracts(terminal, flags, entry);
  } catch (error) {
    status = sayFailure(terminal, failureOf(error));
  }
  return { status, value: said[0] };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hermetic-check-"));
  for (const name of ["contracts", "empty", "pair"]) mkdirSync(path(name));
  write("contracts/purse.ts", purse("cents: u64 = 0;\n  note: string = '';"));
  await build({ entry: path("contracts"), outDir: path("released") });
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("hermetic check", () => {
  it("builds and writes nothing", async () => {
    const before = readdirSync(folder).toSorted();
    const { status, value } = await check(path("contracts"));
    expect(status).toBe(0);
    expect(value).toEqual({
      name: "Purse",
      codeHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      bytes: expect.any(Number),
      warnings: [],
    });
    expect(readdirSync(folder).toSorted()).toEqual(before);
  });

  it("shows what is added and lets it pass", async () => {
    const file = write("purse.ts", purse("cents: u64 = 0;\n  note: string = '';\n  x: u8 = 1;"));
    for (const against of ["released", "released/purse.wasm", "released/purse.abi.json"]) {
      const { status, value } = await check(file, { against: path(against) });
      expect(status).toBe(0);
      expect(value.layout).toEqual([
        { field: "x", change: "added", before: "", after: "u8", isLossy: false },
      ]);
    }
  });

  it("refuses silent loss, with a code, the fields and exit code 2", async () => {
    const file = write("purse.ts", purse("cents: u32 = 0;"));
    const flags = ["check", file, "--against", path("released")];
    const { status, value } = await hermeticJson(flags);
    expect(status).toBe(2);
    expect(value).toMatchObject(LOSS);
    expect(value.error.args).toEqual({
      contract: "Purse",
      layout: [
        { field: "cents", change: "changed", before: "u64", after: "u32", isLossy: true },
        { field: "note", change: "removed", before: "string", after: "", isLossy: true },
      ],
    });
    const told = await hermetic(flags);
    expect(told.stdout).toBe("Purse\n  ! ~ cents: u64 -> u32\n  ! - note: string\n");
    expect(told.stderr).toContain("error HRM2009");
    expect((await check(file, { against: path("released"), acceptLoss: true })).status).toBe(0);
  });

  it("leaves to a @migrate method what it answers for, and follows @was", async () => {
    const migrates = "@migrate\n  go(): void { this.cents = 1; }";
    const lossy = write("purse.ts", purse(`cents: u32 = 0;\n  ${migrates}`));
    expect((await check(lossy, { against: path("released") })).status).toBe(0);
    const renamed = write(
      "purse.ts",
      purse(`@was("cents") coins: u64 = 0;\n  @was("note") text: string = '';`),
    );
    const { status, value } = await check(renamed, { against: path("released") });
    expect(status).toBe(0);
    expect(value.layout).toEqual([]);
  });

  it("refuses fields of a record that changed places", async () => {
    const record = (fields: string): string =>
      purse(
        "pair: Pair = new Pair(0, 0);",
        `@data\nexport class Pair {\n  constructor(${fields}) {}\n}\n`,
      );
    const file = write("pair/pair.ts", record("public a: u64, public b: u64"));
    await build({ entry: file, outDir: path("pair") });
    write("pair/pair.ts", record("public b: u64, public a: u64"));
    const ended = await check(file, { against: path("pair") });
    expect(ended).toMatchObject({ status: 2, value: LOSS });
  });

  it("says so when there is nothing to compare with", async () => {
    const file = path("contracts/purse.ts");
    for (const [against, code] of [
      ["empty", "HRM4001"],
      ["nowhere.wasm", "HRM4002"],
      ["contracts/purse.ts", "HRM4006"],
    ] as const) {
      const ended = await check(file, { against: path(against) });
      expect(ended).toMatchObject({ status: 2, value: { error: { code } } });
    }
  });

  it("compares with the code that a contract runs, for its owner", async () => {
    const worker = new WorkerProcess(path("data"));
    try {
      const { url } = await worker.ready;
      const network = ["--to", url, "--allow-simulated"];
      const [ann, eve] = [path("ann.key"), path("eve.key")];
      for (const key of [ann, eve]) await hermeticJson(["keys", "new", "--out", key]);
      const wasm = path("released/purse.wasm");
      const deployed = await hermeticJson(["deploy", wasm, "--key", ann, ...network]);
      const { address: against } = deployed.value as { address: string };
      const file = write("purse.ts", purse("note: string = '';"));
      const flags = { against, to: url, allowSimulated: true };
      expect(await check(file, { ...flags, key: ann })).toMatchObject({ status: 2, value: LOSS });
      expect(await check(file, { ...flags, key: eve })).toMatchObject({
        status: 5,
        value: { error: { code: "HRM1332" } },
      });
    } finally {
      await worker.kill();
    }
  });
});
