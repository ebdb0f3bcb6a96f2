/**
 * `createWorld`: a fresh world with a cluster of its own, or one that goes on from a worker's.
 *
 * @module
 */
import { TRACE_MAX } from "#protocol/reply.ts";
import type { Fork } from "#sdk/testing/fork/data-directory.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import { World } from "#sdk/testing/world.ts";
import type { WorldOptions } from "#sdk/testing/world-options.ts";
import { registerWorld } from "#sdk/testing/worlds.ts";

/**
 * Makes a world: an enclave, an operator and nothing else. Costs a few milliseconds.
 *
 * @throws {@link HermeticError} `FORK_UNKNOWN`, `WORLD_OPTION` or what a worker says of its directory, if
 *   it is to be a fork.
 */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  // Contracts call deeper than ten functions, and their frames stand above the test's own.
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, TRACE_MAX);
  const world = new World(options, options.fork === undefined ? undefined : await fork(options));
  registerWorld(world);
  return world;
}

async function fork({ fork: path = "", ...fixed }: WorldOptions): Promise<Fork> {
  for (const name of ["egressGrants", "memoryPagesMax", "startsAt"] as const) {
    if (fixed[name] !== undefined) throw kitError("WORLD_OPTION", `fork with ${name}`);
  }
  // It brings the worker's storage along, which other worlds have no use for.
  const { readDataDirectory } = await import("#sdk/testing/fork/data-directory.ts");
  return readDataDirectory(path);
}
