/**
 * What a batch waits for, and what it does not wait for twice.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { Gathering } from "#worker/enclave/gathering.ts";

/** Whether a wait has ended after all that could end it now has run. */
async function hasEnded(wait: Promise<void>): Promise<boolean> {
  let ended = false;
  void wait.then(() => (ended = true));
  await Promise.resolve();
  await Promise.resolve();
  return ended;
}

describe("Gathering", () => {
  it("does not wait when nothing is under way", async () => {
    const gathering = new Gathering();
    gathering.begin(1);
    gathering.end(1);
    expect(await hasEnded(gathering.complete())).toBe(true);
  });

  it("waits for every command that is under way", async () => {
    const gathering = new Gathering();
    gathering.begin(1);
    gathering.begin(2);
    const wait = gathering.complete();
    gathering.end(1);
    expect(await hasEnded(wait)).toBe(false);
    gathering.end(2);
    expect(await hasEnded(wait)).toBe(true);
  });

  it("gives up on a command that waits for something else, once and for all", async () => {
    const gathering = new Gathering();
    gathering.begin(1);
    await gathering.complete();
    expect(await hasEnded(gathering.complete())).toBe(true);
    gathering.end(1);
    gathering.begin(2);
    const wait = gathering.complete();
    gathering.end(1);
    expect(await hasEnded(wait)).toBe(false);
    gathering.end(2);
    expect(await hasEnded(wait)).toBe(true);
  });
});
