/**
 * Servers that answer all requests of a fetch but one, so that the answers have to be kept.
 */
import { describe, expect, it } from "vitest";
import { HeldResults } from "#host/http/held.ts";
import { liveHttp } from "#host/http/live.ts";
import type { HttpRequest, HttpResult } from "#protocol/http.ts";
import { callerOf, siteOf } from "#test/support/http-caller.ts";

const BODY_BYTES = 1_000;
const full: HttpResult = { ok: { status: 200, headers: [], body: new Uint8Array(BODY_BYTES) } };
const tooLarge: HttpResult = { error: "too-large" };

function gets(...paths: readonly string[]): HttpRequest[] {
  return paths.map((path) => ({ method: "GET", url: `https://a.b/${path}`, headers: [] }));
}

describe("results that wait", () => {
  it("61 and 66: are kept up to a limit of all calls together, and gone once their fetch is over", async () => {
    const slow = Promise.withResolvers<HttpResult>();
    const held = new HeldResults(3 * BODY_BYTES);
    const live = () =>
      liveHttp(
        siteOf(async ({ target }) => (target.path === "/slow" ? slow.promise : full), { held }),
        callerOf(),
      );
    const waiting = live().fetch(gets("slow", "1", "2"));
    await new Promise(setImmediate);
    expect(await live().fetch(gets("1", "2"))).toEqual([full, tooLarge]);
    slow.resolve({ error: "timeout" });
    expect(await waiting).toEqual([{ error: "timeout" }, full, full]);
    expect(await live().fetch(gets("1", "2", "3"))).toEqual([full, full, full]);
  });
});
