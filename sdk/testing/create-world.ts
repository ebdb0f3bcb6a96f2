/**
 * `createWorld`: a fresh world with a cluster of its own.
 *
 * @module
 */
import { World, type WorldOptions } from "#sdk/testing/world.ts";
import { registerWorld } from "#sdk/testing/worlds.ts";

/** Makes a world: an enclave, an operator and nothing else. Costs a few milliseconds. */
export function createWorld(options: WorldOptions = {}): Promise<World> {
  const world = new World(options);
  registerWorld(world);
  return Promise.resolve(world);
}
