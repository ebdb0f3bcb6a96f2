/**
 * HPKE against an independent implementation, in both directions and with both sets of primitives.
 *
 * RFC 9180 prints no vectors for X25519 with AES-256-GCM, so @hpke/core is the oracle.
 *
 * @module
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { describe, expect, it } from "vitest";
import { utf8 } from "#protocol/bytes.ts";
import { hpkeReceive, hpkeSend } from "#crypto/hpke.ts";
import { portablePrimitives } from "#crypto/portable/primitives.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { systemEntropy } from "#test/support/operator.ts";

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});
const INFO = utf8("info of this exchange");
const AAD = utf8("clear header");
const MESSAGE = utf8("a certificate");
const LABEL = "exported";

/** A copy in memory of its own, as WebCrypto wants it. */
function own(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

const sets: [string, Primitives][] = [
  ["portable", portablePrimitives],
  ["node", nodePrimitives],
];

describe.each(sets)("HPKE on the %s primitives", (_, primitives) => {
  const secret = systemEntropy(32);
  const recipient = primitives.x25519PublicKey(secret);

  it("is opened by an independent recipient, who exports the same secret", async () => {
    const sent = hpkeSend(primitives, systemEntropy, recipient, INFO);
    if (sent === undefined) throw new Error("the recipient's key is fine");
    const { encapsulated, context } = sent;
    const sealed = primitives.aesGcmSeal(context.key, context.nonce, AAD, MESSAGE);
    const theirs = await suite.createRecipientContext({
      recipientKey: await suite.kem.deserializePrivateKey(own(secret)),
      enc: own(encapsulated),
      info: own(INFO),
    });
    expect(new Uint8Array(await theirs.open(own(sealed), own(AAD)))).toEqual(MESSAGE);
    const exported = await theirs.export(own(utf8(LABEL)), 48);
    expect(context.exportSecret(LABEL, 48)).toEqual(new Uint8Array(exported));
  });

  it("opens what an independent sender made, and exports the same secret", async () => {
    const theirs = await suite.createSenderContext({
      recipientPublicKey: await suite.kem.deserializePublicKey(own(recipient)),
      info: own(INFO),
    });
    const sealed = new Uint8Array(await theirs.seal(own(MESSAGE), own(AAD)));
    const context = hpkeReceive(primitives, secret, new Uint8Array(theirs.enc), INFO);
    if (context === undefined) throw new Error("the sender's key is fine");
    expect(primitives.aesGcmOpen(context.key, context.nonce, AAD, sealed)).toEqual(MESSAGE);
    const exported = await theirs.export(own(utf8(LABEL)), 32);
    expect(context.exportSecret(LABEL, 32)).toEqual(new Uint8Array(exported));
  });

  it("gives other keys for another info", () => {
    const sent = hpkeSend(primitives, systemEntropy, recipient, INFO);
    const same = hpkeReceive(primitives, secret, sent?.encapsulated ?? new Uint8Array(32), INFO);
    const other = hpkeReceive(primitives, secret, sent?.encapsulated ?? new Uint8Array(32), AAD);
    expect(same?.key).toEqual(sent?.context.key);
    expect(other?.key).not.toEqual(sent?.context.key);
  });

  it("refuses points of low order on both sides", () => {
    for (const point of lowOrder) {
      expect(hpkeSend(primitives, systemEntropy, point, INFO)).toBeUndefined();
      expect(hpkeReceive(primitives, secret, point, INFO)).toBeUndefined();
    }
  });
});

/** Points of low order on Curve25519 and its twist, as listed at cr.yp.to/ecdh.html#validate. */
const lowOrder = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map((point) => Uint8Array.fromHex(point));
