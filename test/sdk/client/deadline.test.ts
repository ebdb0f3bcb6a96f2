import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Deadline } from "#sdk/client/transport/deadline.ts";

describe("Deadline", () => {
  it.each([2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    "waits when %d milliseconds are left, more than a timer counts",
    async (timeoutMs) => {
      const late = sleep(50, "late");
      expect(await new Deadline(timeoutMs).limit(late)).toBe("late");
    },
  );

  it("ends a wait when no time is left", async () => {
    const never = new Promise<never>(() => undefined);
    await expect(new Deadline(1).limit(never)).rejects.toMatchObject({ name: "HermeticError" });
  });
});
