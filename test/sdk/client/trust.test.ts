/**
 * A worker process that lies about who it is: every lie has an error of its own (ATTACKS 54, 70 to 72).
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { apiPaths } from "#protocol/api.ts";
import { framed, toHex } from "#protocol/bytes.ts";
import { encodeInfo, type WorkerInfo } from "#protocol/info.ts";
import { labels } from "#crypto/labels.ts";
import { reportData, simulatedEvidence } from "#crypto/statements.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { Wallet } from "#sdk/client/index.ts";
import { LocalWorker, broken, reply } from "#test/sdk/client/local-worker.ts";
import { probeAbi } from "#test/sdk/client/probe-abi.ts";
import { MEASUREMENT } from "#test/support/operator.ts";

const OTHER = new Uint8Array(32).fill(0x11);

/** Whoever reads the source can sign simulated evidence about anything. */
function signed(info: WorkerInfo): WorkerInfo {
  const root = nodePrimitives.ed25519Signer(nodePrimitives.sha256(framed(labels.simulatedRoot)));
  const data = reportData(nodePrimitives, info);
  const { measurement } = info.evidence;
  const signature = root.sign(simulatedEvidence(measurement, data));
  return { ...info, evidence: { ...info.evidence, reportData: data, signature } };
}

/** A worker whose info is what `alter` makes of the true one. */
function lying(alter: (info: WorkerInfo) => WorkerInfo): LocalWorker {
  const worker = new LocalWorker();
  worker.intercept = async ({ path }, next) =>
    path === apiPaths.info ? reply(encodeInfo(alter(worker.operator.info()))) : next();
  return worker;
}

describe("connect()", () => {
  it("refuses a simulated enclave unless that is allowed, and says how", async () => {
    const refused = new LocalWorker().connect({ trust: {} });
    await expect(refused).rejects.toMatchObject({ code: "HRM2101", kind: "trust" });
    await expect(refused).rejects.toThrow("allowSimulated");
    await expect(
      new LocalWorker().connect({ trust: { measurements: [MEASUREMENT] } }),
    ).rejects.toMatchObject({
      code: "HRM2101",
    });
  });

  it("accepts a measurement on the list, as bytes or hexadecimal, and no other", async () => {
    const worker = new LocalWorker();
    for (const good of [MEASUREMENT, toHex(MEASUREMENT), toHex(MEASUREMENT).toUpperCase()]) {
      const network = await worker.connect({
        trust: { allowSimulated: true, measurements: [OTHER, good] },
      });
      expect(network.worker).toMatchObject({ simulated: true, measurement: toHex(MEASUREMENT) });
    }
    for (const list of [[OTHER], []]) {
      await expect(
        worker.connect({ trust: { allowSimulated: true, measurements: list } }),
      ).rejects.toMatchObject({ code: "HRM2102", kind: "trust" });
    }
  });

  it("refuses a list with something that is no measurement", async () => {
    const worker = new LocalWorker();
    for (const bad of ["", "zz".repeat(32), "00".repeat(31), new Uint8Array(33)]) {
      await expect(worker.connect({ trust: { measurements: [bad] } })).rejects.toMatchObject({
        code: "HRM2006",
        kind: "usage",
      });
    }
  });

  it.each<[string, string, (info: WorkerInfo) => WorkerInfo]>([
    ["a cluster key of the operator", "HRM2104", (info) => ({ ...info, clusterKey: OTHER })],
    ["a worker key of the operator", "HRM2104", (info) => ({ ...info, workerKey: OTHER })],
    ["another boot", "HRM2104", (info) => ({ ...info, bootEpoch: info.bootEpoch + 1 })],
    ["another epoch", "HRM2104", (info) => ({ ...info, epoch: 2 })],
    [
      "another configuration",
      "HRM2104",
      (info) => ({ ...info, config: { ...info.config, egressGrants: ["10.0.0.0/8"] } }),
    ],
    [
      "another measurement",
      "HRM2103",
      (info) => ({ ...info, evidence: { ...info.evidence, measurement: OTHER } }),
    ],
    [
      "a signature of nobody",
      "HRM2103",
      (info) => ({ ...info, evidence: { ...info.evidence, signature: new Uint8Array(64) } }),
    ],
    [
      "a signature of no length",
      "HRM2103",
      (info) => ({ ...info, evidence: { ...info.evidence, signature: new Uint8Array(0) } }),
    ],
    [
      "a cluster that is not named after its key",
      "HRM2105",
      (info) => signed({ ...info, cluster: OTHER }),
    ],
  ])("refuses %s", async (_, code, alter) => {
    await expect(lying(alter).connect()).rejects.toMatchObject({ code, kind: "trust" });
  });

  it("refuses a cluster key of low order before anything is sealed to it", async () => {
    const worker = lying((info) => {
      const clusterKey = new Uint8Array(32);
      return signed({ ...info, epoch: 2, clusterKey });
    });
    const account = await worker.account();
    const contract = account.contract(probeAbi, OTHER);
    await expect(contract.query.peek()).rejects.toMatchObject({ code: "HRM2107" });
    expect(worker.count(apiPaths.session)).toBe(0);
  });

  it("tells a program that is no worker from one that is not there", async () => {
    const worker = new LocalWorker();
    worker.intercept = () => Promise.resolve(new Response("<html>", { status: 200 }));
    await expect(worker.connect()).rejects.toMatchObject({ code: "HRM2304", kind: "unreachable" });
    worker.intercept = () => Promise.resolve(new Response("no", { status: 404 }));
    await expect(worker.connect()).rejects.toMatchObject({ code: "HRM2304" });
    worker.intercept = broken;
    await expect(worker.connect({ timeoutMs: 100 })).rejects.toMatchObject({
      code: "HRM2301",
      kind: "unreachable",
    });
  });

  it("stops reading an answer that does not end", async () => {
    const worker = new LocalWorker();
    worker.intercept = () => {
      const chunk = new Uint8Array(1024 * 1024);
      const pull = (controller: ReadableStreamDefaultController): void => controller.enqueue(chunk);
      return Promise.resolve(new Response(new ReadableStream({ pull })));
    };
    await expect(worker.connect({ timeoutMs: 300 })).rejects.toMatchObject({ kind: "unreachable" });
  });

  it.each([
    "",
    "worker.test",
    "ftp://worker.test",
    "http://user:pass@worker.test",
    "http://worker.test/?a=1",
  ])("refuses the URL %j", async (url) => {
    const { connect } = await import("#sdk/client/index.ts");
    await expect(connect(url)).rejects.toMatchObject({ code: "HRM2006", kind: "usage" });
  });

  it("does not leak the password in a URL it refuses", async () => {
    const { connect } = await import("#sdk/client/index.ts");
    const error = await connect("http://user:hunter2@worker.test").catch(String);
    expect(error).not.toContain("hunter2");
  });
});

describe("a worker that changes under a connection", () => {
  it("is verified anew when it has restarted, and served on", async () => {
    const worker = new LocalWorker();
    const network = await worker.connect();
    const ann = network.as(Wallet.generate());
    const contract = ann.contract(probeAbi, OTHER);
    await expect(contract.query.peek()).rejects.toMatchObject({ code: "HRM1321" });
    worker.operator.start();
    await expect(contract.query.peek()).rejects.toMatchObject({ code: "HRM1321" });
    expect(network.worker.bootEpoch).toBe(3);
    expect(worker.count(apiPaths.info)).toBe(2);
  });

  it("is refused when it comes back with other evidence", async () => {
    const worker = new LocalWorker();
    const network = await worker.connect({
      trust: { allowSimulated: true, measurements: [MEASUREMENT] },
    });
    const contract = network.as(Wallet.generate()).contract(probeAbi, OTHER);
    await expect(contract.query.peek()).rejects.toMatchObject({ code: "HRM1321" });
    worker.operator.start();
    worker.intercept = async ({ path }, next) => {
      if (path !== apiPaths.info) return next();
      const info = worker.operator.info();
      const evidence = { ...info.evidence, measurement: OTHER };
      return reply(encodeInfo(signed({ ...info, evidence })));
    };
    await expect(contract.query.peek()).rejects.toMatchObject({ code: "HRM2102", kind: "trust" });
  });

  it("is refused when it belongs to another cluster now", async () => {
    const worker = new LocalWorker();
    const other = new LocalWorker();
    const contract = (await worker.account()).contract(probeAbi, OTHER);
    await expect(contract.query.peek()).rejects.toMatchObject({ code: "HRM1321" });
    worker.intercept = (incoming) => other.serve(incoming);
    await expect(contract.query.peek()).rejects.toMatchObject({ code: "HRM2106", kind: "trust" });
    await expect(contract.command.announce()).rejects.toMatchObject({ code: "HRM2106" });
  });
});
