import { describe, expect, it } from "vitest";
import { parseEnvelope } from "#protocol/envelope.ts";
import { Fault } from "#protocol/fault.ts";
import { pad } from "#protocol/padding.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { clusterName } from "#crypto/statements.ts";
import { openCertificate } from "#session/certificate.ts";
import { openSession, type SessionTwist } from "#test/support/raw-client.ts";
import { Operator } from "#test/support/operator.ts";
import { clusterOf } from "#test/support/entries.ts";

const AGE_MS_MAX = 5 * 60_000;
const seed = new Uint8Array(32).fill(5);
const operator = new Operator().start();
const info = operator.info();
const { kemSecret, name } = clusterOf(operator);
const stranger = nodePrimitives.ed25519Signer(new Uint8Array(32).fill(6));

function open(envelope: Uint8Array, timeMs: number = info.timeMs): string {
  try {
    openCertificate(nodePrimitives, name, kemSecret, parseEnvelope(envelope), timeMs);
    return "opened";
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

function twisted(twist: SessionTwist): string {
  return open(openSession(info, seed, twist).envelope);
}

describe("openCertificate()", () => {
  it("gives the account, and the id and secret that the client has too", () => {
    const own = openSession(info, seed);
    const opened = openCertificate(
      nodePrimitives,
      name,
      kemSecret,
      parseEnvelope(own.envelope),
      info.timeMs,
    );
    expect(opened.id).toEqual(own.id);
    expect(opened.account).toEqual(nodePrimitives.ed25519Signer(seed).publicKey);
    expect(opened.secret).toHaveLength(32);
  });

  const elsewhere = { cluster: new Uint8Array(32).fill(9), epoch: info.epoch };
  const later = { cluster: info.cluster, epoch: info.epoch + 1 };

  it.each<[string, SessionTwist, string]>([
    ["for another cluster", { name: elsewhere }, "ENVELOPE_UNOPENED"],
    ["for another epoch", { name: later }, "ENVELOPE_UNOPENED"],
    ["to another key", { clusterKey: nodePrimitives.x25519PublicKey(seed) }, "ENVELOPE_UNOPENED"],
    ["signed for another cluster", { signedName: elsewhere }, "SESSION_CERTIFICATE"],
    ["signed for another epoch", { signedName: later }, "SESSION_CERTIFICATE"],
    ["signed for another time", { signedAtMs: info.timeMs + 1 }, "SESSION_CERTIFICATE"],
    ["of another account", { certificate: { account: stranger.publicKey } }, "SESSION_CERTIFICATE"],
    ["of no account", { certificate: { account: new Uint8Array(32) } }, "SESSION_CERTIFICATE"],
    [
      "with a key that is short",
      { certificate: { account: new Uint8Array(31) } },
      "SESSION_CERTIFICATE",
    ],
    [
      "with an empty signature",
      { certificate: { signature: new Uint8Array(64) } },
      "SESSION_CERTIFICATE",
    ],
    [
      "with a signature that is long",
      { certificate: { signature: new Uint8Array(65) } },
      "SESSION_CERTIFICATE",
    ],
    [
      "from six minutes ago",
      { certificate: { issuedAtMs: info.timeMs - 6 * 60_000 } },
      "SESSION_CERTIFICATE",
    ],
    ["in no form at all", { plaintext: pad(new Uint8Array(10)) }, "SESSION_CERTIFICATE"],
    ["without padding", { plaintext: new Uint8Array(7) }, "SESSION_CERTIFICATE"],
    ["as it should be", {}, "opened"],
  ])("judges a certificate %s", (_, twist, end) => {
    expect(twisted(twist)).toBe(end);
  });

  it("takes a certificate that is five minutes off, and not a millisecond more", () => {
    const { envelope } = openSession(info, seed);
    for (const sign of [1, -1]) {
      expect(open(envelope, info.timeMs + sign * AGE_MS_MAX)).toBe("opened");
      expect(open(envelope, info.timeMs + sign * (AGE_MS_MAX + 1))).toBe("SESSION_CERTIFICATE");
    }
  });

  it("refuses a request with any byte changed", () => {
    const { envelope } = openSession(info, seed);
    for (let at = 2; at < envelope.length; at += 3) {
      const changed = envelope.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      expect(open(changed)).toMatch(/^(ENVELOPE_UNOPENED|ENVELOPE_MALFORMED|SESSION_KEY)$/);
    }
  });

  it.each([
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ])("refuses the low-order point %s as an encapsulated key", (point) => {
    const { envelope } = openSession(info, seed);
    envelope.set(Uint8Array.fromHex(point), 94);
    expect(open(envelope)).toBe("SESSION_KEY");
  });

  it("refuses a request cut at any byte", () => {
    const { envelope } = openSession(info, seed);
    for (let length = 0; length < envelope.length; length += 7) {
      expect(open(envelope.slice(0, length))).toMatch(/^ENVELOPE_(MALFORMED|UNOPENED)$/);
    }
  });

  it("refuses a signature of a session moved to another exchange", () => {
    const first = openSession(info, seed);
    const signature = nodePrimitives.ed25519Signer(seed).sign(first.envelope.slice(94, 126));
    expect(twisted({ certificate: { signature } })).toBe("SESSION_CERTIFICATE");
  });

  it("belongs to a cluster whose name binds its key and its configuration", () => {
    expect(clusterName(nodePrimitives, info.clusterKey, info.config)).toEqual(info.cluster);
    const config = { ...info.config, egressGrants: ["10.0.0.0/8"] };
    expect(clusterName(nodePrimitives, info.clusterKey, config)).not.toEqual(info.cluster);
  });
});
