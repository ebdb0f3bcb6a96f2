import { describe, expect, it } from "vitest";
import { framed, toHex } from "#protocol/bytes.ts";
import { createSimulatedTee } from "#attest/simulated.ts";
import { labels } from "#crypto/labels.ts";
import { simulatedEvidence } from "#crypto/statements.ts";
import { nodePrimitives } from "#platform/primitives.ts";

const measurement = new Uint8Array(32).fill(1);
const report = new Uint8Array(32).fill(2);

describe("createSimulatedTee()", () => {
  const tee = createSimulatedTee(nodePrimitives, measurement);

  it("signs evidence by the root that everybody can compute, so that no policy takes it for real", () => {
    const seed = nodePrimitives.sha256(framed(labels.simulatedRoot));
    const { publicKey } = nodePrimitives.ed25519Signer(seed);
    const evidence = tee.evidence(report);
    expect(evidence).toMatchObject({ kind: "simulated", measurement, reportData: report });
    const statement = simulatedEvidence(measurement, report);
    expect(nodePrimitives.ed25519Verify(publicKey, statement, evidence.signature)).toBe(true);
    const other = simulatedEvidence(report, measurement);
    expect(nodePrimitives.ed25519Verify(publicKey, other, evidence.signature)).toBe(false);
  });

  it("gives every machine a sealing key of its own, which is not its secret", () => {
    const keys = [1, 2].map((fill) => tee.sealingKey(new Uint8Array(32).fill(fill)));
    expect(new Set(keys.map(toHex)).size).toBe(2);
    expect(keys[0]).toHaveLength(32);
    expect(keys[0]).not.toEqual(new Uint8Array(32).fill(1));
  });
});
