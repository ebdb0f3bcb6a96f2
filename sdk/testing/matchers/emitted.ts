/**
 * `toHaveEmitted`: a command must have emitted that event.
 *
 * @module
 */
import type { MatcherState } from "vitest";
import { includes, type Verdict } from "#sdk/testing/matchers/matcher.ts";
import { eventsOf, settle } from "#sdk/testing/matchers/received.ts";

/** @param fields - Those that matter; the others may be anything. */
export async function toHaveEmitted(
  this: MatcherState,
  received: unknown,
  name: string,
  fields?: Readonly<Record<string, unknown>>,
): Promise<Verdict> {
  const settled = await settle(received);
  // A failed call has emitted nothing, which is hardly what the test is about.
  if (settled.kind === "failed") throw settled.error;
  const events = eventsOf(settled.value, "toHaveEmitted");
  const named = events.filter((event) => event.name === name);
  const pass = named.some(({ args }) => fields === undefined || includes(this, args, fields));
  const emitted = events.map((event) => event.name).join(", ") || "nothing";
  const found =
    named.length > 0 ? `${name} was emitted with other fields` : `the call emitted ${emitted}`;
  return {
    pass,
    message: () =>
      pass
        ? `expected no event ${name}, but it was emitted`
        : `expected event ${name}, but ${found}`,
    ...(named.length > 0 && fields !== undefined
      ? { actual: named[0]?.args, expected: fields }
      : {}),
  };
}
