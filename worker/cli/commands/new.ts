/**
 * `hermetic new`: a project that builds and passes its tests as it is.
 *
 * It depends on the very package that made it, and brings the Node and the vitest it was tested with.
 *
 * @module
 */
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { makeDirectory } from "#sdk/transform/make-directory.ts";
import { packageRoot, packageSpecifier, testedVersion } from "#worker/cli/package.ts";
import type { Terminal } from "#worker/cli/terminal.ts";
import { usage } from "#worker/cli/usage.ts";
import { withReason, WorkerError } from "#worker/error.ts";

export interface NewFlags {
  readonly template?: string;
}

const TEMPLATE_DEFAULT = "hello";
/** What npm takes as a name: also safe as a directory and in a README. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,80}$/;

export async function newProject(
  terminal: Terminal,
  flags: NewFlags,
  directory?: string,
): Promise<void> {
  const answers = await fill(terminal, directory, flags.template);
  const target = resolve(answers.directory);
  const name = basename(target);
  if (!NAME.test(name)) throw usage(`${name} is not a name for a project: use a-z, 0-9, - and _`);
  const source = templatePath(answers.template);
  refuseOccupied(target);
  const specifier = packageSpecifier();
  try {
    makeDirectory(target);
    for (const part of [join(templatesPath(), "common"), source]) {
      cpSync(part, target, { recursive: true });
    }
    // npm leaves files named .gitignore out of packages.
    renameSync(join(target, "gitignore"), join(target, ".gitignore"));
    writeFileSync(join(target, "package.json"), manifest(name, specifier));
    const about = readFileSync(join(target, "about.md"), "utf8").trimEnd();
    rmSync(join(target, "about.md"));
    for (const file of ["README.md", "AGENTS.md"]) fillIn(join(target, file), { name, about });
  } catch (cause) {
    throw new WorkerError("FILE_UNWRITABLE", { subject: withReason(target, cause), cause });
  }
  const { template } = answers;
  const files = readdirSync(target).toSorted();
  terminal.result({ name, template, path: target, hermetic: specifier, files }, [
    `${name} is ready in ${target}`,
    "",
    `  cd ${answers.directory}`,
    "  npm install",
    "  npm test",
  ]);
}

function manifest(name: string, specifier: string): string {
  const fields = {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: {
      build: "hermetic build contracts",
      check: "hermetic check contracts",
      test: "vitest run",
      dev: "hermetic dev contracts",
    },
    devDependencies: {
      "fast-check": testedVersion("fast-check"),
      hermetic: specifier,
      node: testedVersion("node"),
      vitest: testedVersion("vitest"),
    },
    // npm asks about install scripts: Node is fetched by one; the other builds what is not needed.
    allowScripts: { node: true, "msgpackr-extract": false },
  };
  return `${JSON.stringify(fields, undefined, 2)}\n`;
}

/** Asks for what is missing where somebody can answer. */
async function fill(
  terminal: Terminal,
  directory: string | undefined,
  template: string | undefined,
): Promise<{ directory: string; template: string }> {
  if (directory !== undefined) return { directory, template: template ?? TEMPLATE_DEFAULT };
  if (!terminal.isInteractive) throw usage("the project's directory is missing");
  const { isCancel, select, text } = await import("@clack/prompts");
  const named = await text({ message: "Name of the project", placeholder: "my-contract" });
  if (isCancel(named)) throw new WorkerError("INTERRUPTED");
  const options = templateNames().map((value) => ({ value }));
  const chosen = template ?? (await select({ message: "Template", options }));
  if (isCancel(chosen)) throw new WorkerError("INTERRUPTED");
  return { directory: named || "my-contract", template: chosen };
}

function templatesPath(): string {
  return join(packageRoot, "templates");
}

function templateNames(): string[] {
  return readdirSync(templatesPath())
    .filter((name) => name !== "common")
    .toSorted();
}

function templatePath(name: string): string {
  const names = templateNames();
  if (names.includes(name)) return join(templatesPath(), name);
  throw new WorkerError("TEMPLATE_UNKNOWN", { subject: `${name}; there are ${names.join(", ")}` });
}

function refuseOccupied(target: string): void {
  if (!existsSync(target)) return;
  let names: string[];
  try {
    names = readdirSync(target);
  } catch (cause) {
    throw new WorkerError("FILE_EXISTS", { subject: target, cause });
  }
  if (names.length > 0) throw new WorkerError("FILE_EXISTS", { subject: target });
}

function fillIn(file: string, words: Readonly<Record<string, string>>): void {
  let text = readFileSync(file, "utf8");
  for (const [word, value] of Object.entries(words)) text = text.replaceAll(`{{${word}}}`, value);
  writeFileSync(file, text);
}
