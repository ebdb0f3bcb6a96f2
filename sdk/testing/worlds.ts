/**
 * The worlds of the test file that is running.
 *
 * @module
 */
import type { World } from "#sdk/testing/world.ts";

const worlds = new Set<World>();

export function registerWorld(world: World): void {
  worlds.add(world);
}

/** Forgets the worlds that are not in a list: their tests are over. */
export function keepWorlds(kept: readonly World[]): void {
  for (const world of worlds) if (!kept.includes(world)) worlds.delete(world);
}

export function liveWorlds(): readonly World[] {
  return [...worlds];
}

/**
 * Verifies every world, and goes on after the first that fails.
 *
 * @throws What the first failing world throws.
 */
export function verifyWorlds(): void {
  const failures: unknown[] = [];
  for (const world of worlds) {
    try {
      world.verify();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
