/**
 * Goal: each fault of a server gives a contract the word that `docs/http-faults.md` says, in a query and in
 * a command, and the command's answer is the same when it is replayed from the log.
 * Method: a worker with its enclave as its operator runs it, and a real server for each kind.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Contract } from "#sdk/client/index.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { faultKinds } from "#test/support/faults/kinds.ts";
import { startFaultServer, type FaultServer } from "#test/support/faults/server.ts";
import { account, fixture, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
const data = site.path("data");
let artefact: BuiltContract;
let server: FaultServer;
let contract: Contract;

beforeAll(async () => {
  server = await startFaultServer(faultKinds);
  artefact = await fixture("courier");
  const root = site.file("root.pem", server.root);
  const flags = ["--grant-egress", "127.0.0.1", "--extra-root", root];
  const worker = await site.worker(data, flags);
  contract = await (await account((await worker.ready).url)).deploy(artefact);
});

afterAll(() => server[Symbol.asyncDispose]());

/** What a contract says that it was told: an error in a word, or a status. */
function told(value: unknown): string | number {
  const { status, error } = value as { status: number; error: string };
  return error === "" ? status : error;
}

describe("a worker's contract", () => {
  // Those that stall wait together; the others must not wait for the processor until they seem to stall.
  it.concurrent.for(faultKinds.filter(({ gives }) => gives === "timeout"))(
    "that waits for a server which $does is told $gives",
    ({ name, gives }, context) => meets(name, gives, context.expect),
  );

  it.for(faultKinds.filter(({ gives }) => gives !== "timeout"))(
    "that asks a server which $does is told $gives",
    ({ name, gives }, context) => meets(name, gives, context.expect),
  );

  async function meets(name: string, gives: unknown, expectHere: typeof expect): Promise<void> {
    const url = server.url(name);
    const [asked, kept] = await Promise.all([
      contract.read("ask", { url }, {}),
      contract.run("keep", { name, url }, {}),
    ]);
    expectHere([told(asked.value), told(kept.value)]).toEqual([gives, gives]);
  }

  it("was told the same when its commands are replayed without the servers", async () => {
    await server[Symbol.asyncDispose]();
    for (const worker of site.running) await worker.stop();
    const worker = await site.worker(data, ["--rebuild"]);
    const again = (await account((await worker.ready).url)).contract(
      artefact.abi,
      contract.address,
    );
    for (const { name, gives } of faultKinds) {
      const { value } = await again.read("read", { name }, {});
      expect(told(value), name).toBe(gives);
    }
  });
});
