/**
 * Goal: a contract talks to the machine it named or to none.
 * Method: real TLS servers with certificates that are wrong in one way each.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpResult } from "#protocol/http.ts";
import { createHttp } from "#platform/http/http.ts";
import { createAuthority, createIdentity, type Identity } from "#sdk/testing/https/certificates.ts";
import { connections } from "#test/support/faults/connections.ts";
import { startFaultServer, type FaultServer } from "#test/support/faults/server.ts";
import { createHttpFixture } from "#test/support/http-fixture.ts";
import {
  createServerIdentity,
  startHttpsServer,
  type ServerIdentity,
} from "#sdk/testing/https/server.ts";

const authority = createAuthority("Test authority");
const DAY_MS = 24 * 60 * 60 * 1000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

interface Case {
  readonly identity: ServerIdentity;
  /** What the enclave trusts; the test authority when absent. */
  readonly roots?: readonly string[];
  readonly host?: string;
}

async function fetchFrom({
  identity,
  roots = [authority.certificate],
  host = "127.0.0.1",
}: Case): Promise<HttpResult> {
  await using server = await startHttpsServer((_request, response) => response.end("ok"), identity);
  using fixture = createHttpFixture({
    grants: ["127.0.0.1"],
    roots,
    names: { [host]: ["127.0.0.1"] },
  });
  return await fixture.fetch({ url: `https://${host}:${server.port}/` });
}

const leaf = (options: Parameters<typeof createServerIdentity>[0]): ServerIdentity =>
  createServerIdentity(options, authority);

/** A leaf below `count` intermediates. */
function chain(count: number): ServerIdentity {
  const authorities: Identity[] = [];
  for (let i = 0; i < count; i++)
    authorities.unshift(createAuthority(`Intermediate ${i}`, authorities[0] ?? authority));
  const identity = createIdentity({
    name: "leaf",
    alternatives: ["127.0.0.1"],
    issuer: authorities[0] ?? authority,
  });
  const cert = [identity, ...authorities].map(({ certificate }) => certificate).join("");
  return { key: identity.key, cert, root: authority.certificate };
}

describe("E65 certificates", () => {
  it.each<[string, Case]>([
    ["an address", { identity: leaf({}) }],
    ["a name", { identity: leaf({ alternatives: ["rates.example"] }), host: "rates.example" }],
    [
      "a wildcard",
      { identity: leaf({ alternatives: ["*.example.org"] }), host: "rates.example.org" },
    ],
    ["an intermediate", { identity: chain(1) }],
    ["eight intermediates", { identity: chain(8) }],
    [
      "one of two roots in one text",
      {
        identity: leaf({}),
        roots: [`${createAuthority("x").certificate}\n${authority.certificate}`],
      },
    ],
  ])("accepts %s", async (_name, given) => {
    expect(await fetchFrom(given)).toMatchObject({ ok: { status: 200 } });
  });

  it.each<[string, Case]>([
    [
      "another name",
      { identity: leaf({ alternatives: ["other.example"] }), host: "rates.example" },
    ],
    ["another address", { identity: leaf({ alternatives: ["127.0.0.2"] }) }],
    ["a name where an address is asked", { identity: leaf({ alternatives: ["localhost"] }) }],
    [
      "an address as a name",
      { identity: leaf({ alternatives: ["rates.example"] }), host: "127.0.0.1" },
    ],
    [
      "a wildcard two labels up",
      { identity: leaf({ alternatives: ["*.org"] }), host: "rates.example.org" },
    ],
    [
      "only a common name",
      { identity: leaf({ name: "rates.example", alternatives: [] }), host: "rates.example" },
    ],
    ["an expired leaf", { identity: leaf({ notBefore: inDays(-3), notAfter: inDays(-1) }) }],
    ["a leaf of the future", { identity: leaf({ notBefore: inDays(1) }) }],
    ["an unknown root", { identity: createServerIdentity() }],
    ["no root at all", { identity: leaf({}), roots: [] }],
    [
      "an issuer that is no authority",
      {
        identity: createServerIdentity(
          {},
          createIdentity({ name: "fake", issuer: authority, alternatives: ["127.0.0.1"] }),
        ),
      },
    ],
    [
      "a missing intermediate",
      { identity: createServerIdentity({}, createAuthority("hidden", authority)) },
    ],
    ["nine intermediates", { identity: chain(9) }],
    ["a hundred intermediates", { identity: chain(100) }],
  ])("refuses %s", async (_name, given) => {
    expect(await fetchFrom(given)).toEqual({ error: "tls" });
  });

  it("refuses a self-signed leaf unless it is itself a granted root", async () => {
    const self = createIdentity({ name: "self", alternatives: ["127.0.0.1"] });
    const identity = { key: self.key, cert: self.certificate, root: self.certificate };
    expect(await fetchFrom({ identity })).toEqual({ error: "tls" });
    expect(await fetchFrom({ identity, roots: [self.certificate] })).toMatchObject({ ok: {} });
  });

  it.each([
    "",
    "x",
    authority.key,
    authority.certificate.slice(0, -40),
    authority.certificate.replace(/[A-Z]{4}/, "AAAA"),
  ])("refuses to start with a root that is not a certificate", (root) => {
    const config = { egressGrants: [], extraRoots: [authority.certificate, root] };
    expect(() => createHttp({ config, send: () => {} })).toThrow("EGRESS_CONFIG");
  });
});

describe("E65 handshakes", () => {
  const kinds = connections.filter(({ gives }) => gives === "tls");
  let server: FaultServer;

  beforeAll(async () => {
    server = await startFaultServer(kinds);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each(kinds)("refuses a server that $does", async ({ name }) => {
    using fixture = createHttpFixture({ grants: ["127.0.0.1"], roots: [server.root] });
    expect(await fixture.fetch({ url: server.url(name) })).toEqual({ error: "tls" });
  });
});
