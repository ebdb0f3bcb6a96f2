import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import {
  deriveSessionKeys,
  openMessage,
  replyAad,
  sealMessage,
  sessionId,
  sessionInfo,
} from "#crypto/session-keys.ts";
import { portablePrimitives } from "#crypto/portable/primitives.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { fixed } from "#test/support/messages.ts";
import { systemEntropy } from "#test/support/operator.ts";

const bytes = fc.uint8Array({ maxLength: 60 });

describe("deriveSessionKeys()", () => {
  it("property: gives four different keys, the same on both sets of primitives", () => {
    fc.assert(
      fc.property(fixed(32), (secret) => {
        const keys = deriveSessionKeys(nodePrimitives, secret);
        expect(new Set(Object.values(keys).map(toHex)).size).toBe(4);
        expect(deriveSessionKeys(portablePrimitives, secret)).toEqual(keys);
      }),
      { numRuns: 30 },
    );
  });
});

describe("sealMessage() and openMessage()", () => {
  it("property: what one set of primitives seals, the other opens", () => {
    fc.assert(
      fc.property(fixed(32), bytes, bytes, (key, aad, plaintext) => {
        const sealed = sealMessage(nodePrimitives, systemEntropy, key, aad, plaintext);
        expect(openMessage(portablePrimitives, key, aad, sealed)).toEqual(plaintext);
        const back = sealMessage(portablePrimitives, systemEntropy, key, aad, plaintext);
        expect(openMessage(nodePrimitives, key, aad, back)).toEqual(plaintext);
      }),
    );
  });

  it("opens nothing with any one bit flipped, cut at any byte, or under another key or header", () => {
    const key = new Uint8Array(32).fill(1);
    const aad = new Uint8Array(8).fill(2);
    const sealed = sealMessage(nodePrimitives, systemEntropy, key, aad, new Uint8Array(9));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = sealed.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openMessage(nodePrimitives, key, aad, flipped)).toBe(undefined);
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(openMessage(nodePrimitives, key, aad, sealed.subarray(0, length))).toBe(undefined);
      expect(openMessage(portablePrimitives, key, aad, sealed.subarray(0, length))).toBe(undefined);
    }
    expect(openMessage(nodePrimitives, new Uint8Array(32), aad, sealed)).toBe(undefined);
    expect(openMessage(nodePrimitives, key, new Uint8Array(8), sealed)).toBe(undefined);
  });

  it("never uses a nonce twice", () => {
    const key = new Uint8Array(32);
    const nonces = Array.from({ length: 200 }, () =>
      toHex(sealMessage(nodePrimitives, systemEntropy, key, key, key).subarray(0, 12)),
    );
    expect(new Set(nonces).size).toBe(200);
  });
});

describe("sessionId(), sessionInfo() and replyAad()", () => {
  it("property: differ for different exchanges, clusters, epochs, requests and sessions", () => {
    const name = fc.record({ cluster: fixed(32), epoch: fc.nat(3) });
    fc.assert(
      fc.property(
        name,
        name,
        fixed(32),
        fixed(32),
        fixed(16),
        fixed(16),
        (n1, n2, a, b, s1, s2) => {
          const sameName = n1.epoch === n2.epoch && toHex(n1.cluster) === toHex(n2.cluster);
          expect(toHex(sessionInfo(n1)) === toHex(sessionInfo(n2))).toBe(sameName);
          const same = toHex(a) === toHex(b);
          expect(toHex(sessionId(nodePrimitives, a)) === toHex(sessionId(nodePrimitives, b))).toBe(
            same,
          );
          const sameReply = same && toHex(s1) === toHex(s2);
          expect(toHex(replyAad(a, s1)) === toHex(replyAad(b, s2))).toBe(sameReply);
        },
      ),
    );
  });

  it("names a session by 16 bytes", () => {
    expect(sessionId(nodePrimitives, new Uint8Array(32))).toHaveLength(16);
  });
});
