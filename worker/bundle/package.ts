/**
 * Builds what is published: one file per public entry in `dist`, and the chunks they share.
 *
 * Node does not strip types below `node_modules`, so an installed package must be JavaScript.
 *
 * @module
 */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";

/** Name of the file in `dist`, and the source it is built from. */
export const entries: Readonly<Record<string, string>> = {
  cli: "worker/cli/main.ts",
  client: "sdk/client/index.ts",
  testing: "sdk/testing/index.ts",
  vitest: "sdk/testing/vitest/index.ts",
  build: "sdk/transform/index.ts",
  compiler: "sdk/testing/vitest/compiler/thread.ts",
};

/** Bundles the entries into `outputFolder`; packages and Node's modules stay imports. */
export async function writePackage(
  root: string,
  outputFolder: string,
  sources: Readonly<Record<string, string>>,
): Promise<string[]> {
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(
      Object.entries(sources).map(([name, source]) => [name, join(root, source)]),
    ),
    platform: "neutral",
    external: (specifier) => !/^[.#/]/.test(specifier),
    tsconfig: false,
    onLog(_level, log) {
      throw new Error(`The package does not bundle cleanly: ${log.message}`);
    },
  });
  try {
    const { output } = await build.write({
      dir: outputFolder,
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: "shared/[name].js",
    });
    if (sources["cli"] !== undefined) chmodSync(join(outputFolder, "cli.js"), 0o755);
    return output.map(({ fileName }) => fileName);
  } finally {
    await build.close();
  }
}
