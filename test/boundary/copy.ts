/**
 * A copy of the project in a temporary folder, and the tools run in it.
 *
 * Plants never touch the working tree, so a test that is killed leaves nothing behind.
 *
 * @module
 */
import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "#test/tidy/sources.ts";

const left = new Set(["node_modules", ".git", "dist", "build", "coverage"]);

export interface ToolRun {
  readonly exitCode: number;
  readonly output: string;
}

/** A problem as a tool reports it: the file, and the rule or code in the text. */
export interface Finding {
  readonly path: string;
  readonly text: string;
}

export interface ProjectCopy {
  readonly path: string;
  write(file: string, text: string): void;
  /** Builds all projects: no output means no problem. */
  compile(): Promise<ToolRun>;
  lint(): Promise<ToolRun>;
  remove(): void;
}

/** Copies everything but generated files; `node_modules` is a link. */
export function copyProject(): ProjectCopy {
  const path = mkdtempSync(join(tmpdir(), "hermetic-boundary-"));
  for (const entry of readdirSync(root)) {
    if (!left.has(entry)) cpSync(join(root, entry), join(path, entry), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(path, "node_modules"));
  return {
    path,
    write(file, text) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    },
    compile: () => run(path, "typescript/bin/tsc", ["-b", "--pretty", "false"]),
    lint: () => run(path, "oxlint/bin/oxlint", ["--format=unix"]),
    remove: () => rmSync(path, { recursive: true }),
  };
}

/** The findings of a run: both tools start a line with the path of the file. */
export function findings({ output }: ToolRun): Finding[] {
  return output.split("\n").flatMap((line) => {
    const found = /^([\w@./-]+\.ts)[(:]/.exec(line);
    return found?.[1] === undefined ? [] : [{ path: found[1], text: line }];
  });
}

function run(cwd: string, tool: string, args: readonly string[]): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const command = [join(root, "node_modules", tool), ...args];
    const options = { cwd, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === "number") resolve({ exitCode, output: stdout + stderr });
      else reject(error ?? new Error(`${tool} did not run`));
    });
  });
}
