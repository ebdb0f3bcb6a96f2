/**
 * An operator in the middle who lies about what the worker is: ATTACKS 54, 70 and 71.
 *
 * Goal: a client believes no key, boot, configuration or measurement that the evidence does not vouch for,
 * nor another cluster in the place of the one it connected to. Method: a proxy rewrites `/v1/info`.
 *
 * @module
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { apiPaths } from "#protocol/api.ts";
import { framed } from "#protocol/bytes.ts";
import { encodeInfo, parseInfo, type WorkerInfo } from "#protocol/info.ts";
import { labels } from "#crypto/labels.ts";
import { reportData, simulatedEvidence } from "#crypto/statements.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { Proxy, type Intercept } from "./support/proxy.ts";
import { account, fixture, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
let artefact: BuiltContract;
let proxy: Proxy;
let honest: string;
let elsewhere: string;
let address: string;

beforeAll(async () => {
  proxy = await Proxy.start(afterAll);
  const [built, worker, other] = await Promise.all([
    fixture("tally"),
    site.worker(site.path("data")),
    site.worker(site.path("other")),
  ]);
  artefact = built;
  [honest, elsewhere] = [(await worker.ready).url, (await other.ready).url];
  proxy.target = honest;
  ({ address } = await (await account(proxy.url)).deploy(artefact));
});

const honestly: Intercept = (_, forward) => forward();
afterEach(() => {
  proxy.intercept = honestly;
  proxy.target = honest;
});

describe("a worker's word about itself", () => {
  /** Answers `/v1/info` with something else. */
  const saying =
    (change: (info: WorkerInfo) => WorkerInfo): Intercept =>
    async (asked, forward) => {
      const answered = await forward();
      if (asked.path !== apiPaths.info) return answered;
      return { ...answered, body: Buffer.from(encodeInfo(change(parseInfo(answered.body)))) };
    };
  const key = nodePrimitives.ed25519Signer(new Uint8Array(32).fill(3)).publicKey;
  /** Simulated evidence proves nothing: everybody can make it, for any keys. */
  const signed = (info: WorkerInfo): WorkerInfo => {
    const root = nodePrimitives.ed25519Signer(nodePrimitives.sha256(framed(labels.simulatedRoot)));
    const { measurement } = info.evidence;
    const data = reportData(nodePrimitives, info);
    const signature = root.sign(simulatedEvidence(measurement, data));
    return { ...info, evidence: { ...info.evidence, reportData: data, signature } };
  };

  it.each<readonly [string, (info: WorkerInfo) => WorkerInfo, string]>([
    ["another cluster key", (info) => ({ ...info, clusterKey: key }), "HRM2104"],
    ["another worker key", (info) => ({ ...info, workerKey: key }), "HRM2104"],
    ["another boot", (info) => ({ ...info, bootEpoch: info.bootEpoch + 1 }), "HRM2104"],
    [
      "another configuration",
      (info) => ({ ...info, config: { ...info.config, egressGrants: ["0.0.0.0/0"] } }),
      "HRM2104",
    ],
    [
      "another measurement",
      (info) => ({ ...info, evidence: { ...info.evidence, measurement: key } }),
      "HRM2103",
    ],
    [
      "a broken signature",
      (info) => ({
        ...info,
        evidence: { ...info.evidence, signature: flipped(info.evidence.signature, 5) },
      }),
      "HRM2103",
    ],
    [
      "a cluster key of its own under evidence of its own",
      (info) => signed({ ...info, clusterKey: key }),
      "HRM2105",
    ],
  ])("is refused with %s", async (_, change, code) => {
    proxy.intercept = saying(change);
    await expect(account(proxy.url)).rejects.toMatchObject({ code, kind: "trust" });
  });

  it("is not believed about a worker key that did not sign the replies", async () => {
    proxy.intercept = saying((info) => signed({ ...info, workerKey: key }));
    const client = await account(proxy.url);
    const own = client.contract(artefact.abi, address);
    await expect(own.read("sum", {}, {})).rejects.toMatchObject({ code: "HRM2110", kind: "trust" });
  });

  it("is refused when another cluster takes the place of the one that was connected to", async () => {
    const client = await account(proxy.url);
    const own = client.contract(artefact.abi, address);
    await own.read("sum", {}, {});
    proxy.target = elsewhere;
    await expect(own.read("sum", {}, {})).rejects.toMatchObject({ code: "HRM2106", kind: "trust" });
    const done = own.run("note", { id: 1, text: "" }, {});
    await expect(done).rejects.toMatchObject({ kind: "trust" });
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 4 : byte));
}
