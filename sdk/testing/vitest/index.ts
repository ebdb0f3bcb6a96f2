/**
 * `hermetic/vitest`: the vitest plugin.
 *
 * @module
 */
export { hermetic, type HermeticOptions } from "#sdk/testing/vitest/plugin.ts";
export { declareContracts } from "#sdk/testing/vitest/declare-contracts.ts";
