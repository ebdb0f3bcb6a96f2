/**
 * `hermetic/testing`: unit tests of contracts on the enclave's own code, in process.
 *
 * @module
 */
export { createWorld } from "#sdk/testing/create-world.ts";
export type {
  World,
  WorldDeployOptions,
  WorldLog,
  WorldOptions,
  WorldSnapshot,
} from "#sdk/testing/world.ts";
