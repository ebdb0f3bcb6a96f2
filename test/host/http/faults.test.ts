/**
 * Goal: whatever a server does wrong, a contract is told one word, the one that `docs/http-faults.md` gives.
 * Method: a real server for each kind; the enclave's client and the worker's egress in this process.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { HttpResult } from "#protocol/http.ts";
import { faultKinds } from "#test/support/faults/kinds.ts";
import { startFaultServer, type FaultServer } from "#test/support/faults/server.ts";
import { createHttpFixture } from "#test/support/http-fixture.ts";

vi.setConfig({ testTimeout: 120_000 });

/** Stalls end by the first, drips by the second. */
const short = { totalMs: 1_500, stallMs: 700 };
/** What does not stall must not, however busy the machine is. */
const long = { totalMs: 100_000, stallMs: 100_000 };

describe("a server's faults", () => {
  let server: FaultServer;

  beforeAll(async () => {
    server = await startFaultServer(faultKinds);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.concurrent.for(faultKinds)("$name gives $gives", async ({ name, gives }, { expect }) => {
    const deadlines = gives === "timeout" ? short : long;
    using fixture = createHttpFixture({ grants: ["127.0.0.1"], roots: [server.root], deadlines });
    expect(wordOf(await fixture.fetch({ url: server.url(name) }))).toBe(gives);
    // Sent again, a request might be done twice.
    expect(server.connections(name)).toBeLessThanOrEqual(1);
  });

  it("are of at least 24 kinds, each with a name of its own", () => {
    expect(new Set(faultKinds.map(({ name }) => name)).size).toBe(faultKinds.length);
    expect(faultKinds.length).toBeGreaterThanOrEqual(24);
  });
});

function wordOf(result: HttpResult): string | number {
  return "error" in result ? result.error : result.ok.status;
}
