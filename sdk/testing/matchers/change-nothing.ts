/**
 * `toChangeNothing`: a call must leave the state of every contract as it was.
 *
 * Sessions are not part of it: their windows move with every command, also with one that fails.
 *
 * @module
 */
import type { MatcherState } from "vitest";
import type { Verdict } from "#sdk/testing/matchers/matcher.ts";
import { settle } from "#sdk/testing/matchers/received.ts";
import { changesBetween } from "#sdk/testing/matchers/state-changes.ts";
import { liveWorlds } from "#sdk/testing/worlds.ts";

/** @param received - Best a function that makes the call: the state is compared from then on. */
export async function toChangeNothing(this: MatcherState, received: unknown): Promise<Verdict> {
  const before = liveWorlds().map((world) => [world, world.states()] as const);
  await settle(received);
  const changes = before.flatMap(([world, states]) =>
    changesBetween(states, world.states(), (address) => world.abiOf(address)),
  );
  return {
    pass: changes.length === 0,
    message: () =>
      changes.length === 0
        ? "expected the call to change something, but it changed nothing"
        : `expected the call to change nothing, but it changed\n${changes.join("\n")}`,
  };
}
