/**
 * Everything that README.md tells a reader to type works as it stands there.
 *
 * Method: each code block is compiled or run in a small project, and each command is compared with the
 * command's own table of verbs and flags. A block that no test takes up fails the first test.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command, Option } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build } from "#sdk/transform/index.ts";
import { codeBlocks, codeSpans, readPage, shellLines } from "#test/support/markdown.ts";
import { ScratchProject } from "#test/support/scratch-project.ts";
import { createProgram } from "#worker/cli/program.ts";
import { startWorkerProcess } from "#test/support/started-worker.ts";

const root = join(import.meta.dirname, "..", "..");
const WAIT_MS = 120_000;
const ORIGIN = "http://127.0.0.1:8080";
const HEX64 = /[0-9a-f]{64}/;

const page = readPage("README.md");
const blocks = codeBlocks(page);

function blockWith(text: string): string {
  const found = blocks.filter((block) => block.text.includes(text));
  expect(found.length, `blocks with ${text}`).toBe(1);
  return found[0]?.text ?? "";
}

const contract = (): string => blockWith('from "hermetic/contract"');
const client = (): string => blockWith('from "hermetic/client"');
const kit = (): string => blockWith('from "hermetic/testing"');

/** Arguments of every `npx hermetic …` of a page, and of the package itself where it is run unpacked. */
function hermeticCommands(text: string): string[][] {
  const sh = codeBlocks(text).filter(({ language }) => language === "sh");
  const lines = [...sh.map((block) => block.text), ...codeSpans(text)].flatMap(shellLines);
  return lines.flatMap((words) => {
    const at = words[0] === "npx" ? 1 : 0;
    const isOurs = words[at] === "hermetic" || /^\.\/hermetic-.*\.tgz$/.test(words[at] ?? "");
    return isOurs && words.length > at + 1 ? [words.slice(at + 1)] : [];
  });
}

/** What is wrong with a command line, by the table of verbs; nothing if it could run. */
function mistake([...words]: readonly string[]): string | undefined {
  let command: Command = createProgram(() => undefined);
  for (let next: Command | undefined = command; next !== undefined;) {
    command = next;
    next = command.commands.find((each) => each.name() === words[0]);
    if (next !== undefined) words.shift();
  }
  if (command.parent === null) return `no verb ${words[0] ?? ""}`;
  const operands: string[] = [];
  while (words.length > 0) {
    const word = words.shift() as string;
    if (!word.startsWith("--")) {
      operands.push(word);
      continue;
    }
    const option = command.options.find((each: Option) => each.long === word);
    if (option === undefined) return `${command.name()} has no flag ${word}`;
    if (option.required && words.shift() === undefined) return `${word} needs a value`;
  }
  const { registeredArguments: places } = command;
  const needed = places.filter((place) => place.required).length;
  const most = places.some((place) => place.variadic) ? Number.POSITIVE_INFINITY : places.length;
  const fits = operands.length >= needed && operands.length <= most;
  return fits ? undefined : `${command.name()} does not take ${operands.length} operands`;
}

describe("README.md", () => {
  it("has no block that is not taken up below", () => {
    const known = [contract(), client(), kit()];
    for (const { language, text } of blocks) {
      if (language === "ts") expect(known).toContain(text);
      else expect(language).toBe("sh");
    }
  });

  it("shows commands of npm that exist", () => {
    const { scripts, version } = JSON.parse(readPage("package.json")) as {
      scripts: Record<string, string>;
      version: string;
    };
    const sh = blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
    const lines = [...sh, ...codeSpans(page)].flatMap(shellLines);
    const npm = lines.filter(([tool]) => tool === "npm");
    expect(npm.length).toBeGreaterThan(4);
    for (const [, verb = ""] of npm) {
      if (!["ci", "install", "pack", "test"].includes(verb)) expect(scripts).toHaveProperty(verb);
    }
    const demo = readPage("contracts/demo/start.ts");
    const flags = npm.filter(([, verb]) => verb === "start").flatMap((words) => words.slice(3));
    expect(flags).toContain("--once");
    for (const flag of flags.filter((word) => word.startsWith("--"))) {
      expect(demo).toContain(`  ${flag} `);
    }
    for (const [name] of page.matchAll(/hermetic-[\d.]+\.tgz/g)) {
      expect(name).toBe(`hermetic-${version}.tgz`);
    }
  });

  it.each(["README.md", "templates/common/README.md"])(
    "shows verbs and flags that exist: %s",
    (path) => {
      const commands = hermeticCommands(readPage(path));
      expect(commands.length).toBeGreaterThan(3);
      for (const words of commands) expect(mistake(words), words.join(" ")).toBe(undefined);
    },
  );

  it("would notice a verb, flag or operand that does not exist", () => {
    expect(mistake(["depoly", "a.wasm"])).toBe("no verb depoly");
    expect(mistake(["deploy", "a.wasm", "--form", "x"])).toBe("deploy has no flag --form");
    expect(mistake(["deploy", "a.wasm", "--to"])).toBe("--to needs a value");
    expect(mistake(["deploy"])).toBe("deploy does not take 0 operands");
    expect(mistake(["keys", "new", "alice.key"])).toBe("new does not take 1 operands");
  });
});

describe("the code of README.md", { timeout: WAIT_MS }, () => {
  let project: ScratchProject;

  beforeAll(async () => {
    project = new ScratchProject();
    project.write("contracts/auction.ts", contract());
    project.write("test/auction.test.ts", kit());
    project.write("client.ts", client());
    const entry = join(project.path, "contracts/auction.ts");
    const { contracts } = await build({ entry, outDir: join(project.path, "build") });
    expect(contracts.map(({ name }) => name)).toEqual(["Auction"]);
  }, WAIT_MS);

  afterAll(() => project.dispose());

  it("passes its own test, and the compiler with the types that this makes", () => {
    const tests = project.run("vitest/vitest.mjs", ["run"]);
    expect(tests.output).toContain("1 passed");
    expect(tests.status).toBe(0);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: "esnext",
      module: "nodenext",
      allowImportingTsExtensions: true,
      customConditions: ["hermetic-source"],
      lib: ["esnext"],
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    };
    // The sources are compiled along; an installed package brings declarations instead.
    const ambient = join(root, "host/vm/webassembly.d.ts");
    const files = ["client.ts", "test/auction.test.ts", ".hermetic/contracts.d.ts", ambient];
    project.write("tsconfig.json", JSON.stringify({ compilerOptions, files }));
    const types = project.run("typescript/bin/tsc", ["--project", "."]);
    expect(types.output).toBe("");
    expect(types.status).toBe(0);
  });

  it("calls a worker as the client's block does", async () => {
    const { ready } = await startWorkerProcess(join(project.path, "client-data"));
    expect(client()).toContain(ORIGIN);
    const told = "\nconsole.log(JSON.stringify({ height, gasUsed, mine: String(mine) }));\n";
    project.write("client.ts", client().replace(ORIGIN, ready.url) + told);
    const args = ["--conditions=hermetic-source", "client.ts"];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: project.path,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ height: expect.any(Number), mine: "50" });
  });
});

describe("the five minutes of README.md", { timeout: WAIT_MS }, () => {
  let project: ScratchProject;

  beforeAll(() => {
    project = new ScratchProject();
    cpSync(join(root, "templates/hello"), project.path, { recursive: true });
  });

  afterAll(() => project.dispose());

  it("lead from the template to an answer", async () => {
    const lines = hermeticCommands(page);
    expect(lines[0]?.[0]).toBe("new");
    const { ready } = await startWorkerProcess(join(project.path, "data"));
    let address = "";
    const printed: string[] = [];
    for (const words of lines) {
      // A project is made by a packed release, and the worker is the one that is there already.
      if (words[0] === "new" || words[0] === "worker") continue;
      const args = words.map((word) => word.replace(ORIGIN, ready.url).replace("ADDRESS", address));
      const main = join(root, "worker/cli/main.ts");
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ["--conditions=hermetic-source", main, ...args],
        { cwd: project.path, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
      );
      expect(status, `${words.join(" ")}\n${stderr}`).toBe(0);
      if (words[0] === "deploy") address = HEX64.exec(stdout)?.[0] ?? "";
      printed.push(stdout);
    }
    expect(readFileSync(join(project.path, "alice.key"), "utf8")).toMatch(HEX64);
    expect(printed.join("")).toContain("Good morning!");
  });
});
