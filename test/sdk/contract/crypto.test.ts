/**
 * `crypto` of the SDK through a built contract in the real host, against the same vectors as the primitives.
 *
 * @module
 */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { LABEL_LENGTH_MAX } from "#protocol/limits.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { Guest, type GuestOutcome } from "#test/support/guest.ts";
import ed25519 from "#test/vectors/ed25519-strict.json" with { type: "json" };
import hashes from "#test/vectors/contract-hashes.json" with { type: "json" };
import secp256k1 from "#test/vectors/secp256k1.json" with { type: "json" };
import sr25519 from "#test/vectors/sr25519.json" with { type: "json" };

const ED25519 = 0;
const SECP256K1 = 1;
const SR25519 = 2;
const bytes = (digits: string): Uint8Array => Uint8Array.fromHex(digits);
const hex = ({ value }: GuestOutcome): string =>
  value instanceof Uint8Array ? value.toHex() : String(value);

let notary: Guest;
beforeAll(async () => {
  notary = await Guest.build(join(import.meta.dirname, "../fixtures/notary.ts"));
});

describe("crypto hashes", () => {
  it("are those of the vectors", () => {
    for (const { function: name, message, hash, ...rest } of hashes.vectors) {
      const key = "key" in rest ? (rest.key ?? "") : "";
      const outcome =
        name === "keccak256"
          ? notary.query("keccak256", bytes(message))
          : notary.query("blake2bWith", bytes(message), hash.length / 2, bytes(key));
      expect(hex(outcome)).toBe(hash);
    }
    for (const text of ["", "abc", "é🜁"]) {
      const hash = nodePrimitives.keccak256(new TextEncoder().encode(text));
      expect(hex(notary.query("keccakOf", text))).toBe(hash.toHex());
    }
    const abc = bytes("616263");
    expect(hex(notary.query("sha256", abc))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(hex(notary.query("blake2b", abc))).toBe(
      nodePrimitives.blake2b(abc, 32, bytes("")).toHex(),
    );
  });

  it.each([
    [0, 0, "CRYPTO_INPUT"],
    [65, 0, "CRYPTO_INPUT"],
    [2 ** 32 - 1, 0, "CRYPTO_INPUT"],
    [32, 65, "CRYPTO_INPUT"],
    [1, 64, undefined],
    [64, 1, undefined],
  ])("blake2b of %i bytes with a key of %i is %s", (length, keyLength, fault) => {
    const outcome = notary.query("blake2bWith", bytes("00"), length, new Uint8Array(keyLength));
    expect(outcome.fault).toBe(fault);
  });
});

describe("crypto.verify()", () => {
  it("agrees with the vectors of every scheme", () => {
    const check = (scheme: number, key: string, message: string, signature: string): unknown =>
      notary.query("verify", scheme, bytes(key), bytes(message), bytes(signature)).value;
    for (const { name, expect: is, publicKey, message, signature } of ed25519.vectors) {
      expect(check(ED25519, publicKey, message, signature), name).toBe(is === "valid");
    }
    for (const { name, expect: is, publicKey, digest, signature } of secp256k1.verified) {
      expect(check(SECP256K1, publicKey, digest, signature), name).toBe(is === "valid");
    }
    for (const { name, expect: is, publicKey, message, signature } of sr25519.vectors) {
      expect(check(SR25519, publicKey, message, signature), name).toBe(is === "valid");
    }
  });

  it("is false for keys and signatures of any other length, however long", () => {
    const message = new Uint8Array(32);
    for (const scheme of [ED25519, SECP256K1, SR25519]) {
      for (const length of [0, 1, 31, 63, 65, 66, 100_000]) {
        const odd = new Uint8Array(length).fill(1);
        expect(notary.query("verify", scheme, odd, message, odd).value).toBe(false);
      }
    }
  });

  it("is a fault for a digest that is none, and for a scheme that there is not", () => {
    for (const length of [0, 31, 33, 64]) {
      const outcome = notary.query(
        "verify",
        SECP256K1,
        bytes(""),
        new Uint8Array(length),
        bytes(""),
      );
      expect(outcome.fault).toBe("CRYPTO_INPUT");
    }
    expect(notary.query("verify", 3, bytes(""), bytes(""), bytes("")).fault).toBe("ABI_VIOLATION");
  });
});

describe("crypto.recover()", () => {
  it("gives the key whose address Ethereum gives, or null", () => {
    for (const { name, digest, signature, address } of secp256k1.recovered) {
      const key = notary.query("recover", bytes(digest), bytes(signature));
      if (address === "") {
        expect(key.value, name).toBeNull();
      } else {
        expect(hex(notary.query("addressOf", bytes(digest), bytes(signature))), name).toBe(address);
      }
    }
    expect(notary.query("recover", new Uint8Array(32), new Uint8Array(90_000)).value).toBeNull();
    expect(notary.query("recover", new Uint8Array(31), bytes("")).fault).toBe("CRYPTO_INPUT");
  });
});

describe("crypto.deriveKey(), publicKey() and sign()", () => {
  it("give other keys for another label, kind or contract, and the same ones always", () => {
    const keys = ["", "a", "b", "a\0", "ab", "A", "é", "e\u0301"].flatMap((label) => [
      hex(notary.query("deriveKey", label)),
      hex(notary.query("publicKey", ED25519, label)),
      hex(notary.query("publicKey", SECP256K1, label)),
    ]);
    const other = notary.fresh();
    other.secret = new Uint8Array(32).fill(1);
    keys.push(hex(other.query("deriveKey", "a")), hex(other.query("publicKey", ED25519, "a")));
    expect(new Set(keys).size).toBe(keys.length);
    expect(hex(notary.query("deriveKey", "a"))).toBe(keys[3]);
    expect(keys.every((key) => [64, 130].includes(key.length))).toBe(true);
  });

  it("make signatures that anybody verifies", () => {
    const message = bytes("00112233");
    const digest = nodePrimitives.sha256(message);
    const made = notary.query("sign", ED25519, "orders", message).value as Uint8Array;
    const key = notary.query("publicKey", ED25519, "orders").value as Uint8Array;
    expect(nodePrimitives.ed25519Verify(key, message, made)).toBe(true);
    const signature = notary.query("sign", SECP256K1, "orders", digest).value as Uint8Array;
    const point = notary.query("publicKey", SECP256K1, "orders").value as Uint8Array;
    expect(nodePrimitives.secp256k1Recover(digest, signature)).toEqual(point);
    expect(notary.query("selfTest", message).value).toBe(true);
    expect(notary.query("selfTest", bytes("")).value).toBe(true);
  });

  it("never derive a signing key that deriveKey() tells", () => {
    const told = notary.query("deriveKey", "orders").value as Uint8Array;
    const { publicKey } = nodePrimitives.ed25519Signer(told);
    expect(hex(notary.query("publicKey", ED25519, "orders"))).not.toBe(publicKey.toHex());
  });

  it("refuse a label over its limit, a message that is no digest, and sr25519", () => {
    expect(notary.query("deriveKey", "x".repeat(LABEL_LENGTH_MAX)).fault).toBeUndefined();
    const over = "x".repeat(LABEL_LENGTH_MAX + 1);
    expect(notary.query("deriveKey", over).fault).toBe("REGION_TOO_LARGE");
    expect(notary.query("publicKey", ED25519, over).fault).toBe("REGION_TOO_LARGE");
    expect(notary.query("sign", SECP256K1, "", bytes("00")).fault).toBe("CRYPTO_INPUT");
    expect(notary.query("sign", SR25519, "", bytes("00")).fault).toBe("CRYPTO_INPUT");
    expect(notary.query("publicKey", SR25519, "").fault).toBe("CRYPTO_INPUT");
    expect(notary.query("sign", 9, "", bytes("00")).fault).toBe("ABI_VIOLATION");
  });
});

describe("crypto.seal() and open()", () => {
  const key = new Uint8Array(32).fill(9);
  const sealed = (text: Uint8Array, data: Uint8Array): Uint8Array =>
    notary.query("seal", key, text, data).value as Uint8Array;

  it("opens what was sealed, under the same key and data only", () => {
    for (const length of [0, 1, 16, 1000]) {
      const text = new Uint8Array(length).fill(7);
      const made = sealed(text, bytes("aa"));
      expect(made.length).toBe(length + 28);
      expect(notary.query("open", key, made, bytes("aa")).value).toEqual(text);
      expect(notary.query("open", key, made, bytes("ab")).value).toBeNull();
      expect(notary.query("open", new Uint8Array(32), made, bytes("aa")).value).toBeNull();
    }
  });

  it("opens nothing that is cut or flipped", () => {
    const made = sealed(bytes("0102"), bytes(""));
    for (let cut = 0; cut < made.length; cut++) {
      expect(notary.query("open", key, made.slice(0, cut), bytes("")).value).toBeNull();
    }
    for (let at = 0; at < made.length; at++) {
      const flipped = made.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect(notary.query("open", key, flipped, bytes("")).value).toBeNull();
    }
  });

  it("is a fault for a key that has not 32 bytes", () => {
    for (const length of [0, 16, 31, 33]) {
      const bad = new Uint8Array(length);
      expect(notary.query("seal", bad, bytes(""), bytes("")).fault).toBe("CRYPTO_INPUT");
      expect(notary.query("open", bad, bytes(""), bytes("")).fault).toBe("CRYPTO_INPUT");
    }
  });
});
