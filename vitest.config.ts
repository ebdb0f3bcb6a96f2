/**
 * How the tests run: on Node 26, from source, two files at a time, with the enclave bundle built first.
 *
 * @module
 */
import { defineConfig } from "vitest/config";
import { hermetic } from "#sdk/testing/vitest/index.ts";

/** Resolves `hermetic/*` to the sources of this repository instead of `dist`. */
const CONDITION = "hermetic-source";

export default defineConfig({
  resolve: { conditions: [CONDITION, "node", "import", "default"] },
  ssr: { resolve: { conditions: [CONDITION, "node", "import", "default"] } },
  plugins: [hermetic({ contracts: ["contracts", "test/sdk/testing/fixtures/contracts"] })],
  test: {
    include: ["test/**/*.test.ts", "contracts/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/fixtures/**"],
    globalSetup: ["test/setup.ts"],
    setupFiles: ["test/support/seed.ts"],
    pool: "forks",
    maxWorkers: 2,
    execArgv: [`--conditions=${CONDITION}`],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    restoreMocks: true,
  },
});
