/**
 * What happens in every test file: matchers are added, and worlds are verified after each test.
 *
 * @module
 */
import { afterEach, expect } from "vitest";
import { toChangeNothing } from "#sdk/testing/matchers/change-nothing.ts";
import { toCostLessThan } from "#sdk/testing/matchers/cost.ts";
import { toHaveEmitted } from "#sdk/testing/matchers/emitted.ts";
import { toFailWith } from "#sdk/testing/matchers/fail-with.ts";
import { verifyWorlds } from "#sdk/testing/worlds.ts";

expect.extend({ toFailWith, toHaveEmitted, toChangeNothing, toCostLessThan });

afterEach(({ task }) => {
  // A test that has failed already need not be told that it left mocks unused.
  if (task.result?.state !== "fail") verifyWorlds();
});
