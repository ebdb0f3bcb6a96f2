/**
 * Goal: no signature or hash made for one thing can be shown for another. Method: change each value of
 * each statement by itself, and compare statements of different kinds.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import {
  clusterName,
  headStatement,
  receiptStatement,
  reportData,
  sessionCertificate,
  simulatedEvidence,
  type Receipt,
} from "#crypto/statements.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { config, fixed, head, info, outcome } from "#test/support/messages.ts";

const name = fc.record({ cluster: fixed(32), epoch: fc.nat() });
const receipt: fc.Arbitrary<Receipt> = fc
  .tuple(
    head,
    fc.record({ requestId: fixed(32), contract: fixed(32), codeHash: fixed(32), outcome }),
  )
  .map(([own, rest]) => ({ ...own, ...rest }));

/** What each statement is made of, as text, so that equal values are told from different ones. */
const statements = fc.oneof(
  fc
    .tuple(name, fixed(32), fc.maxSafeNat())
    .map(([n, key, at]) => ["session", [n, key, at], sessionCertificate(n, key, at)] as const),
  fc.tuple(name, head).map(([n, h]) => ["head", [n, h], headStatement(n, h)] as const),
  fc
    .tuple(name, receipt)
    .map(([n, r]) => ["receipt", [n, r], receiptStatement(nodePrimitives, n, r)] as const),
  info.map((i) => {
    const { evidence, height, digest, timeMs, ...identity } = i;
    expect([evidence, height, digest, timeMs]).toHaveLength(4);
    return ["report", [identity], reportData(nodePrimitives, identity)] as const;
  }),
  fc
    .tuple(fixed(32), config)
    .map(([key, c]) => ["cluster", [key, c], clusterName(nodePrimitives, key, c)] as const),
  fc
    .tuple(fixed(32), fixed(32))
    .map(([m, r]) => ["evidence", [m, r], simulatedEvidence(m, r)] as const),
);

function text(kind: string, values: unknown): string {
  const plain = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array ? toHex(value) : value;
  return JSON.stringify([kind, values], plain);
}

describe("statements", () => {
  it("property: two different ones never have the same bytes", () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(statements, ([kind, values, bytes]) => {
        const own = text(kind, values);
        const known = seen.get(toHex(bytes));
        if (known !== undefined) expect(own).toBe(known);
        seen.set(toHex(bytes), own);
      }),
      { numRuns: 2000 },
    );
  });

  it("property: a receipt changes with every one of its values", () => {
    fc.assert(
      fc.property(name, receipt, receipt, (own, one, other) => {
        const before = toHex(receiptStatement(nodePrimitives, own, one));
        for (const key of Object.keys(one) as (keyof Receipt)[]) {
          if (text("", one[key]) === text("", other[key])) continue;
          const changed = { ...one, [key]: other[key] };
          expect(toHex(receiptStatement(nodePrimitives, own, changed))).not.toBe(before);
        }
      }),
    );
  });

  it("property: a head changes with every one of its values and with the cluster's name", () => {
    fc.assert(
      fc.property(name, name, head, head, (own, foreign, one, other) => {
        const before = toHex(headStatement(own, one));
        for (const key of Object.keys(one) as (keyof typeof one)[]) {
          if (text("", one[key]) === text("", other[key])) continue;
          expect(toHex(headStatement(own, { ...one, [key]: other[key] }))).not.toBe(before);
        }
        if (text("", own) !== text("", foreign)) {
          expect(toHex(headStatement(foreign, one))).not.toBe(before);
        }
      }),
    );
  });
});
