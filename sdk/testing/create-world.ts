/**
 * `createWorld`: a fresh world with a cluster of its own.
 *
 * @module
 */
import { World, type WorldOptions } from "#sdk/testing/world.ts";

/** Makes a world: an enclave, an operator and nothing else. Costs about a millisecond. */
export function createWorld(options: WorldOptions = {}): Promise<World> {
  return Promise.resolve(new World(options));
}
