/**
 * Declares what `contract:NAME` imports are, so that the type check knows them before any test ran.
 *
 * @module
 */
import { join } from "node:path";
import { declareContracts } from "#sdk/testing/vitest/index.ts";

const root = join(import.meta.dirname, "..", "..");

await declareContracts(root, ["contracts", "test/sdk/testing/fixtures/contracts"]);
