/**
 * Evidence in hostile hands, as far as the simulated TEE goes: forged, relayed and shown as real.
 */
import { describe, expect, it } from "vitest";
import { framed } from "#protocol/bytes.ts";
import type { Evidence, WorkerInfo } from "#protocol/info.ts";
import { createSimulatedTee } from "#attest/simulated.ts";
import { reportData, simulatedEvidence } from "#crypto/statements.ts";
import { portablePrimitives } from "#crypto/portable/primitives.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { verifyInfo } from "#sdk/client/trust/verify-info.ts";
import { MEASUREMENT, Operator } from "#test/support/operator.ts";

const TRUSTING = { measurements: [MEASUREMENT], allowSimulated: true };

/** What the client says to an identity: nothing, or the name of its error. */
function judge(info: WorkerInfo, policy = TRUSTING): string {
  try {
    verifyInfo(portablePrimitives, policy, info);
    return "trusted";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe("evidence", () => {
  const operator = new Operator().start();
  const info = operator.info();
  const evidence = (changes: Partial<Evidence>): WorkerInfo => ({
    ...info,
    evidence: { ...info.evidence, ...changes },
  });
  const codes = new Set<string>();

  it("70: is trusted when it is as it should be", () => {
    expect(judge(info)).toBe("trusted");
  });

  it("70: is refused with a code of its own for a forged root, a wrong measurement, another key", () => {
    const root = nodePrimitives.ed25519Signer(new Uint8Array(32).fill(1));
    const { measurement, reportData: report } = info.evidence;
    const forged = judge(
      evidence({ signature: root.sign(simulatedEvidence(measurement, report)) }),
    );
    const other = createSimulatedTee(nodePrimitives, new Uint8Array(32).fill(1));
    const measured = judge({ ...info, evidence: other.evidence(report) });
    const keyed = judge({ ...info, workerKey: root.publicKey });
    for (const code of [forged, measured, keyed]) {
      expect(code).toMatch(/^HRM2\d{3}$/);
      codes.add(code);
    }
    expect(codes.size).toBe(3);
  });

  it("70: is refused with any byte of it changed", () => {
    for (const field of ["measurement", "reportData", "signature"] as const) {
      const own = info.evidence[field];
      for (let at = 0; at < own.length; at++) {
        const changed = own.slice();
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect(judge(evidence({ [field]: changed }))).not.toBe("trusted");
      }
    }
  });

  it("71: of another enclave or an earlier boot does not vouch for this one's keys", () => {
    const relayed = new Operator().start().info();
    expect(judge({ ...info, evidence: relayed.evidence })).not.toBe("trusted");
    const again = new Operator({ disk: operator.copyDisk() }).start().info();
    expect(judge(again)).toBe("trusted");
    expect(judge({ ...again, evidence: info.evidence })).not.toBe("trusted");
    expect(judge({ ...again, bootEpoch: info.bootEpoch })).not.toBe("trusted");
  });

  it("71: binds every value that a client relies on", () => {
    const lies: readonly Partial<WorkerInfo>[] = [
      { cluster: new Uint8Array(32) },
      { epoch: info.epoch + 1 },
      { clusterKey: info.workerKey },
      { workerKey: info.clusterKey },
      { bootEpoch: info.bootEpoch + 1 },
      { config: { ...info.config, egressGrants: ["127.0.0.1/8"] } },
      { config: { ...info.config, extraRoots: ["-----BEGIN CERTIFICATE-----"] } },
      { config: { ...info.config, memoryPagesMax: info.config.memoryPagesMax + 1 } },
    ];
    for (const lie of lies) expect(judge({ ...info, ...lie })).not.toBe("trusted");
  });

  it("72: of the simulated TEE is refused by every policy that does not ask for it", () => {
    const refused = judge(info, { measurements: [MEASUREMENT], allowSimulated: false });
    expect(refused).toMatch(/^HRM2\d{3}$/);
    expect(codes.has(refused)).toBe(false);
  });

  it("72: can be made by anybody, which is why: the operator forges it with a public seed", () => {
    const seed = nodePrimitives.sha256(framed("hermetic/simulated-root/1"));
    const { workerKey } = { workerKey: nodePrimitives.x25519PublicKey(seed) };
    const forged = { ...info, workerKey };
    const report = reportData(nodePrimitives, forged);
    const tee = createSimulatedTee(nodePrimitives, MEASUREMENT);
    expect(judge({ ...forged, evidence: tee.evidence(report) })).toBe("trusted");
  });
});
