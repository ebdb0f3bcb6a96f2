/**
 * What happens in every test file: matchers are added, and worlds are verified after each test.
 *
 * @module
 */
import { afterEach, beforeEach, expect } from "vitest";
import { takeFindings } from "#sdk/testing/insight/findings.ts";
import { toChangeNothing } from "#sdk/testing/matchers/change-nothing.ts";
import { toCostLessThan } from "#sdk/testing/matchers/cost.ts";
import { toHaveEmitted } from "#sdk/testing/matchers/emitted.ts";
import { toFailWith } from "#sdk/testing/matchers/fail-with.ts";
import { toLookTheSame } from "#sdk/testing/matchers/look-the-same.ts";
import type { World } from "#sdk/testing/world.ts";
import { keepWorlds, liveWorlds, verifyWorlds } from "#sdk/testing/worlds.ts";
import { INSTALL_HOOKS } from "#sdk/testing/vitest/setup.ts";

expect.extend({ toFailWith, toHaveEmitted, toChangeNothing, toCostLessThan, toLookTheSame });

/** Worlds that are older than the test that runs: made by `beforeAll`, or at the top of the file. */
let shared: readonly World[] = [];

function installHooks(): void {
  beforeEach(() => {
    shared = liveWorlds();
  });

  afterEach(({ task }) => {
    try {
      // A test that has failed already need not be told that it left mocks unused.
      if (task.result?.state !== "fail") verifyWorlds();
    } finally {
      const findings = takeFindings(task.meta.hermetic);
      if (findings !== undefined) task.meta.hermetic = findings;
      if (task.concurrent !== true) keepWorlds(shared);
    }
  });
}

installHooks();
Object.assign(globalThis, { [INSTALL_HOOKS]: installHooks });
