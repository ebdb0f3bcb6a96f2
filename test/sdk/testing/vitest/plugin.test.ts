/**
 * The plugin in a project of its own: what it builds is never stale, and mistakes are shown.
 *
 * @module
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ScratchProject } from "#test/support/scratch-project.ts";

const WAIT_MS = 120_000;

function contract(answer: string): string {
  return `import { ctx } from "hermetic/contract";

@contract
export class Oracle {
  asked: u32 = 0;

  @command
  ask(question: string): u32 {
    this.asked += 1;
    return ${answer};
  }
}
`;
}

/** A contract that answers with what {@link answer} gives, from a file beside it. */
function importing(path: string): string {
  return `import { answer } from "${path}";\n${contract("answer()")}`;
}

function answer(value: string): string {
  return `export function answer(): u32 { return ${value}; }\n`;
}

const TEST = `
import { createWorld } from "hermetic/testing";
import { it } from "vitest";
import oracle from "contract:oracle";

it("asks", async () => {
  const world = await createWorld();
  const contract = await world.deploy(oracle);
  const { value } = await contract.command.ask({ question: "why" });
  console.log("the answer is", value);
});
`;

const LEAVES_MOCK = TEST.replace(
  "const contract",
  'world.http.get("https://a.example/").reply(200);\n  const contract',
);

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: "esnext",
    module: "nodenext",
    allowImportingTsExtensions: true,
    customConditions: ["hermetic-source"],
    lib: ["esnext", "dom"],
    types: ["node"],
    typeRoots: ["../../node_modules/@types"],
  },
  files: ["types.ts", ".hermetic/contracts.d.ts"],
});

/** A line without an error below `@ts-expect-error` is an error itself. */
const TYPES = `
import type { TestContract } from "hermetic/testing";
import type oracle from "contract:oracle";
declare const contract: TestContract<(typeof oracle)["abi"]>;
const value: Promise<number> = contract.command.ask({ question: "why" }).then((r) => r.value);
// @ts-expect-error it is a text
void contract.command.ask({ question: 1 });
// @ts-expect-error there is no such command
void contract.command.answer({});
// @ts-expect-error it is a command
void contract.query.ask({ question: "why" });
void value;
`;

describe("hermetic()", () => {
  let project: ScratchProject;

  beforeEach(() => {
    project = new ScratchProject();
    project.write("contracts/oracle.ts", contract("1"));
    project.write("oracle.test.ts", TEST);
  });

  afterEach(() => project.dispose());

  it(
    "builds a contract anew whenever it is edited under watch",
    { timeout: 4 * WAIT_MS },
    async () => {
      project.watch();
      await project.printed("the answer is 1", WAIT_MS);
      project.write("contracts/oracle.ts", contract("2"));
      await project.printed("the answer is 2", WAIT_MS);
      project.write("contracts/oracle.ts", contract("nonsense + 3"));
      await project.printed("Cannot find name 'nonsense'", WAIT_MS);
      await project.printed("10 |     return nonsense + 3;", WAIT_MS);
      project.write("contracts/oracle.ts", contract("4"));
      await project.printed("the answer is 4", WAIT_MS);
    },
  );

  it(
    "builds it anew when a file that it imports is edited, and nothing that does not",
    { timeout: 4 * WAIT_MS },
    async () => {
      const logged = TEST.replaceAll("oracle", "other").replace("the answer is", "the other is");
      project.write("contracts/oracle.ts", importing("./lib/answer"));
      project.write("contracts/lib/answer.ts", answer("1"));
      project.write("contracts/other.ts", contract("7").replace("class Oracle", "class Other"));
      project.write("other.test.ts", logged);
      project.watch();
      await project.printed("the answer is 1", WAIT_MS);
      await project.printed("Waiting for file", WAIT_MS);
      project.write("contracts/lib/answer.ts", answer("2"));
      const after = await project.printed("the answer is 2", WAIT_MS);
      expect(after + (await project.printed("Waiting for file", WAIT_MS))).not.toContain(
        "the other",
      );
      // Written twice within a tick of the clock, with one size: neither tells the difference.
      project.write("contracts/lib/answer.ts", answer("3"));
      project.write("contracts/lib/answer.ts", answer("4"));
      await project.printed("the answer is 4", WAIT_MS);
      project.write("contracts/lib/answer.ts", answer("nonsense"));
      await project.printed("Cannot find name 'nonsense'", WAIT_MS);
      await project.printed("lib/answer.ts", WAIT_MS);
      project.write("contracts/lib/answer.ts", answer("5"));
      await project.printed("the answer is 5", WAIT_MS);
    },
  );

  it(
    "runs a test again that failed from the start, once its contract builds",
    { timeout: 4 * WAIT_MS },
    async () => {
      project.write("contracts/oracle.ts", importing("./lib/answer"));
      project.write("contracts/lib/answer.ts", answer("nonsense"));
      project.watch();
      await project.printed("Cannot find name 'nonsense'", WAIT_MS);
      await project.printed("atching for file", WAIT_MS);
      project.write("contracts/lib/answer.ts", answer("6"));
      await project.printed("the answer is 6", WAIT_MS);
    },
  );

  it(
    "runs it again when a contract or a file comes to be that was missing",
    { timeout: 4 * WAIT_MS },
    async () => {
      project.write("oracle.test.ts", TEST.replaceAll("oracle", "later"));
      project.watch();
      await project.printed("There is no contract of that name: contract:later", WAIT_MS);
      await project.printed("atching for file", WAIT_MS);
      project.write("contracts/later.ts", importing("./answer"));
      await project.printed("there is no 'answer' to import", WAIT_MS);
      await project.printed("atching for file", WAIT_MS);
      project.write("contracts/answer.ts", answer("8"));
      await project.printed("the answer is 8", WAIT_MS);
    },
  );

  it("fails a test that leaves a mock unused", { timeout: WAIT_MS }, () => {
    project.write("oracle.test.ts", LEAVES_MOCK);
    const { status, output } = project.run("vitest/vitest.mjs", ["run"]);
    expect(status).toBe(1);
    expect(output).toContain("An HTTP mock was not used: GET https://a.example/");
  });

  it("does so in every file of a process that files share", { timeout: WAIT_MS }, () => {
    for (const name of ["a", "b", "c"]) project.write(`${name}.test.ts`, LEAVES_MOCK);
    const args = ["run", "--no-isolate", "--maxWorkers=1"];
    const { output } = project.run("vitest/vitest.mjs", args);
    expect(output).toMatch(/Tests +3 failed \| 1 passed/);
  });

  it("names a contract that it does not find", { timeout: WAIT_MS }, () => {
    project.write("oracle.test.ts", TEST.replace("contract:oracle", "contract:orakel"));
    const { status, output } = project.run("vitest/vitest.mjs", ["run"]);
    expect(status).toBe(1);
    expect(output).toContain("contract:orakel");
    expect(output).toContain("there is oracle");
  });

  it(
    "declares the contract's types, and types every call by them",
    { timeout: 3 * WAIT_MS },
    () => {
      const run = () => project.run("vitest/vitest.mjs", ["run"]);
      expect(run().status).toBe(0);
      const files = [".hermetic/contracts.d.ts", ".hermetic/contracts/oracle.d.ts"];
      const times = () => files.map((file) => statSync(join(project.path, file)).mtimeMs);
      const before = times();
      expect(run().status).toBe(0);
      expect(times(), "written again although nothing changed").toEqual(before);
      project.write("tsconfig.json", TSCONFIG);
      project.write("types.ts", TYPES);
      const { output } = project.run("typescript/lib/tsc.js", ["-p", "tsconfig.json"]);
      expect(output.split("\n").filter((line) => line.startsWith("types.ts"))).toEqual([]);
    },
  );
});
