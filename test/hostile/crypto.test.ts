/**
 * ATTACKS B 21, 27 and D 46, at the border of the cryptographic host functions: what is oversized is
 * refused before it is read, and every call is paid before anything is computed.
 */
import { describe, expect, it } from "vitest";
import { CRYPTO_BYTES_MAX, LABEL_LENGTH_MAX } from "#protocol/limits.ts";
import type { EnclavePrimitives } from "#crypto/enclave-primitives.ts";
import { SIGNATURE_GAS, prices } from "#host/functions/prices.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import type { WorldImportKey } from "#host/vm/world.ts";
import { admitContract, ending, RESULT, run } from "#test/support/contract.ts";
import { call, constant, drop } from "#test/support/wasm.ts";

const PLENTY = 400_000_000;
/** 2 MiB of memory, all zero. */
const PAGES = 32;

/** How one call with these words ends, and what was computed for it. */
function attempt(
  key: WorldImportKey,
  words: readonly number[],
  gas: number = PLENTY,
): [string, number] {
  let computed = 0;
  const counting = Object.fromEntries(
    Object.entries(nodePrimitives).map(([name, compute]) => [
      name,
      (...given: never[]) => {
        computed++;
        return (compute as (...values: never[]) => unknown)(...given);
      },
    ]),
  ) as unknown as EnclavePrimitives;
  const returns = key === "crypto.verify" ? [drop] : [];
  const command = [
    ...words.flatMap((word) => constant(word)),
    ...call(0),
    ...returns,
    ...constant(RESULT),
  ];
  const admitted = admitContract({ imports: [key], memory: [0, PAGES], command });
  const outcome = run(admitted, { primitives: counting }, gas);
  return [ending(outcome), computed];
}

const OVER = CRYPTO_BYTES_MAX + 1;
const ED25519 = 0;
const SECP256K1 = 1;
const SR25519 = 2;

describe("21: what is too long", () => {
  const cases: [WorldImportKey, number[]][] = [
    ["crypto.sha256", [0, OVER, RESULT]],
    ["crypto.keccak256", [0, OVER, RESULT]],
    ["crypto.blake2b", [0, OVER, 0, 0, 32, RESULT]],
    ["crypto.verify", [ED25519, 0, 32, 0, OVER, 0, 64]],
    ["crypto.verify", [SR25519, 0, 32, 0, OVER, 0, 64]],
    ["crypto.seal", [0, 32, 0, OVER, 0, 0, RESULT]],
    ["crypto.seal", [0, 32, 0, 0, 0, OVER, RESULT]],
    ["crypto.open", [0, 32, 0, OVER, 0, 28, RESULT]],
    ["crypto.open", [0, 32, 0, 0, 0, OVER + 28, RESULT]],
    ["keys.sign", [ED25519, 0, 0, 0, OVER, RESULT]],
    ["keys.derive", [0, LABEL_LENGTH_MAX + 1, RESULT]],
    ["keys.public-key", [ED25519, 0, LABEL_LENGTH_MAX + 1, RESULT]],
    ["context.random", [0, LABEL_LENGTH_MAX + 1, 8, RESULT]],
  ];
  it.each(cases)("is refused by %s before anything is computed: %j", (key, words) => {
    expect(attempt(key, words)).toEqual(["REGION_TOO_LARGE", 0]);
  });

  it("is never a key or a signature: false, and nothing read or computed", () => {
    for (const length of [66, 1_000_000, -1]) {
      expect(attempt("crypto.verify", [ED25519, 0, length, 0, 0, 0, 64])).toEqual(["returned", 0]);
      expect(attempt("crypto.verify", [ED25519, 0, 32, 0, 0, 0, length])).toEqual(["returned", 0]);
    }
  });

  it.each([
    ["crypto.seal", [0, 31, 0, 0, 0, 0, RESULT]],
    ["crypto.open", [0, 33, 0, 0, 0, 0, RESULT]],
    ["crypto.open", [0, -1, 0, 0, 0, 0, RESULT]],
    ["crypto.verify", [SECP256K1, 0, 33, 0, 31, 0, 64]],
    ["crypto.recover", [0, 33, 0, 65, RESULT]],
    ["keys.sign", [SECP256K1, 0, 0, 0, 0, RESULT]],
    ["keys.sign", [SR25519, 0, 0, 0, 0, RESULT]],
    ["keys.public-key", [SR25519, 0, 0, RESULT]],
    ["crypto.blake2b", [0, 0, 0, 65, 32, RESULT]],
    ["crypto.blake2b", [0, 0, 0, 0, 0, RESULT]],
    ["crypto.blake2b", [0, 0, 0, 0, -1, RESULT]],
  ] as [WorldImportKey, number[]][])(
    "or of a wrong length is CRYPTO_INPUT in %s: %j",
    (key, words) => {
      expect(attempt(key, words)).toEqual(["CRYPTO_INPUT", 0]);
    },
  );

  it.each([
    ["crypto.sha256", [-8, 16, RESULT]],
    ["crypto.seal", [0, 32, -8, 16, 0, 0, RESULT]],
    ["crypto.verify", [ED25519, -8, 32, 0, 0, 0, 64]],
    ["crypto.verify", [ED25519, 0, 32, 0, 0, PAGES * 65_536 - 63, 64]],
    ["keys.derive", [-8, 8, RESULT]],
  ] as [WorldImportKey, number[]][])("or out of memory is refused by %s: %j", (key, words) => {
    expect(attempt(key, words)).toEqual(["MEMORY_OUT_OF_BOUNDS", 0]);
  });

  it("is no scheme: the enum has three", () => {
    for (const scheme of [3, -1, 0x7fff_ffff]) {
      expect(attempt("crypto.verify", [scheme, 0, 0, 0, 0, 0, 0])).toEqual(["ABI_VIOLATION", 0]);
      expect(attempt("keys.sign", [scheme, 0, 0, 0, 0, RESULT])).toEqual(["ABI_VIOLATION", 0]);
    }
  });
});

describe("27: the price", () => {
  const instance = 40_000 + 4_096 * PAGES;
  it.each([
    ["crypto.sha256", [0, 1_000_000, RESULT], prices["crypto.sha256"].perByte * 1_000_000],
    ["crypto.blake2b", [0, 1_000_000, 0, 0, 32, RESULT], 45_000_000],
    ["crypto.verify", [ED25519, 0, 32, 0, 0, 0, 64], SIGNATURE_GAS.ed25519.verify],
    ["crypto.verify", [SECP256K1, 0, 33, 0, 32, 0, 64], SIGNATURE_GAS.secp256k1.verify],
    ["crypto.verify", [SR25519, 0, 32, 0, 0, 0, 64], SIGNATURE_GAS.sr25519.verify],
    ["crypto.recover", [0, 32, 0, 65, RESULT], prices["crypto.recover"].fixed],
    ["keys.sign", [ED25519, 0, 0, 0, 0, RESULT], SIGNATURE_GAS.ed25519.sign],
    ["keys.sign", [SECP256K1, 0, 0, 0, 32, RESULT], SIGNATURE_GAS.secp256k1.sign],
    ["keys.derive", [0, 0, RESULT], prices["keys.derive"].fixed],
    ["crypto.seal", [0, 32, 0, 0, 0, 0, RESULT], prices["crypto.seal"].fixed],
  ] as [WorldImportKey, number[], number][])(
    "of %s %j is paid before it computes",
    (key, words, price) => {
      expect(attempt(key, words, instance + price - 1)).toEqual(["OUT_OF_GAS", 0]);
      const [end, computed] = attempt(key, words);
      expect(end).toBe("returned");
      expect(computed).toBeGreaterThan(0);
    },
  );

  it("of a length that no memory has is not paid by anybody", () => {
    expect(attempt("crypto.sha256", [0, -1, RESULT])).toEqual(["OUT_OF_GAS", 0]);
    expect(attempt("keys.sign", [ED25519, 0, 0, 0, -1, RESULT])).toEqual(["OUT_OF_GAS", 0]);
  });
});
