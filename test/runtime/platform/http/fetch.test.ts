/**
 * Goal: a contract's HTTPS request reaches a real server through the tunnel and comes back whole.
 * Method: enclave side and worker side in one process, real TLS servers on the loopback interface.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { createHttpFixture } from "#test/support/http-fixture.ts";
import { startHttpsServer } from "#sdk/testing/https/server.ts";

const LOOPBACK = "127.0.0.1/32";

describe("createHttp()", () => {
  it("fetches from a server whose root and address are granted", async () => {
    await using server = await startHttpsServer((request, response) => {
      response.setHeader("X-Seen", `${request.method} ${request.url}`);
      response.end("hello");
    });
    using fixture = createHttpFixture({ grants: [LOOPBACK], roots: [server.root] });
    const result = await fixture.fetch({ url: `${server.origin}/rates?of=usd` });
    if ("error" in result) throw new Error(result.error);
    expect(result.ok.status).toBe(200);
    expect(Buffer.from(result.ok.body).toString()).toBe("hello");
    expect(result.ok.headers).toContainEqual({ name: "x-seen", value: "GET /rates?of=usd" });
  });
});
