/**
 * Host functions `hermetic:contract/crypto`: hashes, and signatures that others made.
 *
 * Keys and signatures come from anybody: what is malformed in any way is simply not valid. A digest of
 * another length than 32 bytes is the contract's own mistake, and a fault.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { CRYPTO_BYTES_MAX } from "#protocol/limits.ts";
import { checkLength } from "#host/functions/lengths.ts";
import { SIGNATURE_GAS } from "#host/functions/prices.ts";
import { writeList, writeOption } from "#host/functions/results.ts";
import type { Bind, RunningCall } from "#host/functions/running.ts";

/** In the order of the WIT enum `scheme`. */
const SCHEMES = ["ed25519", "secp256k1", "sr25519"] as const;
export type Scheme = (typeof SCHEMES)[number];

const DIGEST_BYTES = 32;
const BLAKE2B_BYTES_MAX = 64;
/** Longer keys and signatures than the longest there are, an uncompressed key: not worth reading. */
const KEY_BYTES_MAX = 65;

/** @throws {@link Fault} `ABI_VIOLATION` if there is no such scheme. */
export function schemeOf(untrustedScheme: number): Scheme {
  const scheme = SCHEMES[untrustedScheme >>> 0];
  if (scheme === undefined) throw new Fault("ABI_VIOLATION");
  return scheme;
}

/** Copies out what is to be hashed, signed or sealed; `REGION_TOO_LARGE` over its limit. */
export function readMessage(
  call: RunningCall,
  pointer: number,
  length: number,
  limit: number = CRYPTO_BYTES_MAX,
): Uint8Array {
  checkLength(length >>> 0, limit);
  return call.memory.readBytes(pointer, length);
}

/** Copies out exactly `expected` bytes; `CRYPTO_INPUT` for any other length. */
export function readExactly(
  call: RunningCall,
  pointer: number,
  length: number,
  expected: number,
): Uint8Array {
  if (length >>> 0 !== expected) {
    throw new Fault("CRYPTO_INPUT", { length: length >>> 0, expected });
  }
  return call.memory.readBytes(pointer, length);
}

/** `sha256: func(data: list<u8>) -> list<u8>` */
export const cryptoSha256: Bind =
  (call) =>
  (pointer: number, length: number, result: number): void => {
    call.enter("crypto.sha256", length >>> 0);
    const message = readMessage(call, pointer, length);
    writeList(call.memory, result, call.environment.primitives.sha256(message));
  };

/** `keccak256: func(data: list<u8>) -> list<u8>` */
export const cryptoKeccak256: Bind =
  (call) =>
  (pointer: number, length: number, result: number): void => {
    call.enter("crypto.keccak256", length >>> 0);
    const message = readMessage(call, pointer, length);
    writeList(call.memory, result, call.environment.primitives.keccak256(message));
  };

/** `blake2b: func(data: list<u8>, key: list<u8>, length: u32) -> list<u8>` */
export const cryptoBlake2b: Bind =
  (call) =>
  (
    pointer: number,
    length: number,
    keyPointer: number,
    keyLength: number,
    untrustedBytes: number,
    result: number,
  ): void => {
    call.enter("crypto.blake2b", length >>> 0);
    const bytes = untrustedBytes >>> 0;
    if (bytes === 0 || bytes > BLAKE2B_BYTES_MAX) {
      throw new Fault("CRYPTO_INPUT", { length: bytes, limit: BLAKE2B_BYTES_MAX });
    }
    if (keyLength >>> 0 > BLAKE2B_BYTES_MAX) {
      throw new Fault("CRYPTO_INPUT", { length: keyLength >>> 0, limit: BLAKE2B_BYTES_MAX });
    }
    const message = readMessage(call, pointer, length);
    const key = call.memory.readBytes(keyPointer, keyLength);
    writeList(call.memory, result, call.environment.primitives.blake2b(message, bytes, key));
  };

/** `verify: func(scheme: scheme, public-key: list<u8>, message: list<u8>, signature: list<u8>) -> bool` */
export const cryptoVerify: Bind =
  (call) =>
  (
    untrustedScheme: number,
    keyPointer: number,
    keyLength: number,
    messagePointer: number,
    messageLength: number,
    signaturePointer: number,
    signatureLength: number,
  ): number => {
    call.enter("crypto.verify", messageLength >>> 0);
    const scheme = schemeOf(untrustedScheme);
    const { verify, perByte } = SIGNATURE_GAS[scheme];
    call.gas.charge(verify + perByte * (messageLength >>> 0));
    const message =
      scheme === "secp256k1"
        ? readExactly(call, messagePointer, messageLength, DIGEST_BYTES)
        : readMessage(call, messagePointer, messageLength);
    if (keyLength >>> 0 > KEY_BYTES_MAX || signatureLength >>> 0 > KEY_BYTES_MAX) return 0;
    const publicKey = call.memory.readBytes(keyPointer, keyLength);
    const signature = call.memory.readBytes(signaturePointer, signatureLength);
    return verifier(call, scheme)(publicKey, message, signature) ? 1 : 0;
  };

type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

function verifier({ environment }: RunningCall, scheme: Scheme): Verify {
  const { ed25519Verify, secp256k1Verify, sr25519Verify } = environment.primitives;
  return { ed25519: ed25519Verify, secp256k1: secp256k1Verify, sr25519: sr25519Verify }[scheme];
}

/** `recover: func(digest: list<u8>, signature: list<u8>) -> option<list<u8>>` */
export const cryptoRecover: Bind =
  (call) =>
  (
    digestPointer: number,
    digestLength: number,
    signaturePointer: number,
    signatureLength: number,
    result: number,
  ): void => {
    call.enter("crypto.recover", 0);
    const digest = readExactly(call, digestPointer, digestLength, DIGEST_BYTES);
    const isSigned = signatureLength >>> 0 <= KEY_BYTES_MAX;
    const signature = call.memory.readBytes(signaturePointer, isSigned ? signatureLength : 0);
    const publicKey = call.environment.primitives.secp256k1Recover(digest, signature);
    writeOption(call.memory, result, publicKey);
  };
