/**
 * A small project of somebody who writes contracts, in a folder that is removed afterwards.
 *
 * It lies inside this repository, so that `hermetic/testing` and `vitest` are found.
 *
 * @module
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const CONDITION = "--conditions=hermetic-source";
// Colours would stand between the words that tests look for.
const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };

const VITEST_CONFIG = `
import { defineConfig } from "vitest/config";
import { hermetic } from "#sdk/testing/vitest/index.ts";
const conditions = ["hermetic-source", "node", "import", "default"];
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  plugins: [hermetic()],
  test: { execArgv: ["${CONDITION}"], testTimeout: 30_000 },
});
`;

export class ScratchProject {
  readonly path: string;
  #watching: ChildProcess | undefined;
  #output = "";

  /** @param path - A folder below which packages are found; one of this repository's if left out. */
  constructor(path: string = ownFolder(), config: string = VITEST_CONFIG) {
    this.path = path;
    this.write("vitest.config.ts", config);
  }

  write(path: string, text: string): void {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Runs a command of `node_modules` once. */
  run(
    script: string,
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): { status: number | null; output: string } {
    const file = join(root, "node_modules", script);
    const options = { cwd: this.path, env: { ...env, ...more }, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], options);
    return { status, output: stdout + stderr };
  }

  /** Starts vitest in watch mode. */
  watch(): void {
    const script = join(root, "node_modules", "vitest", "vitest.mjs");
    const args = [script, "watch", "--config", join(this.path, "vitest.config.ts")];
    const child = spawn(process.execPath, args, { cwd: this.path, env });
    const take = (chunk: Buffer): void => {
      this.#output += chunk.toString();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    this.#watching = child;
  }

  /**
   * Waits until the watcher prints a text, and forgets it with all before it; what comes after stays.
   *
   * @returns What is forgotten.
   */
  async printed(text: string, timeoutMs: number): Promise<string> {
    const lastMs = performance.now() + timeoutMs;
    while (!this.#output.includes(text)) {
      if (performance.now() > lastMs)
        throw new Error(`no ${JSON.stringify(text)} in\n${this.#output}`);
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
    const end = this.#output.indexOf(text) + text.length;
    const output = this.#output.slice(0, end);
    this.#output = this.#output.slice(end);
    return output;
  }

  /** Asks the watcher to end. */
  stop(): void {
    this.#watching?.kill();
  }

  dispose(): void {
    this.stop();
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}

function ownFolder(): string {
  mkdirSync(join(root, "build"), { recursive: true });
  return mkdtempSync(join(root, "build", "scratch-"));
}
