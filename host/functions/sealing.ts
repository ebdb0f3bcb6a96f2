/**
 * Host functions `seal` and `open` of `hermetic:contract/crypto`: secrecy and integrity under one key.
 *
 * The contract never handles a nonce. Each is a draw of randomness of the call, so that equal messages
 * look different; should one come again after a rollback, AES-GCM-SIV tells that two messages are equal and no more.
 *
 * @module
 */
import { concat } from "#protocol/bytes.ts";
import { CRYPTO_BYTES_MAX } from "#protocol/limits.ts";
import { readExactly, readMessage } from "#host/functions/crypto.ts";
import { writeList, writeOption } from "#host/functions/results.ts";
import type { Bind } from "#host/functions/running.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What seals the longest message opens again. */
const SEALED_BYTES_MAX = CRYPTO_BYTES_MAX + NONCE_BYTES + TAG_BYTES;
/** No label of a contract's own randomness: those begin with `contract/`. */
const NONCE_LABEL = "nonce";

/** `seal: func(key: list<u8>, data: list<u8>, plaintext: list<u8>) -> list<u8>`: nonce, ciphertext, tag. */
export const cryptoSeal: Bind =
  (call) =>
  (
    keyPointer: number,
    keyLength: number,
    dataPointer: number,
    dataLength: number,
    textPointer: number,
    textLength: number,
    result: number,
  ): void => {
    call.enter("crypto.seal", (dataLength >>> 0) + (textLength >>> 0));
    const key = readExactly(call, keyPointer, keyLength, KEY_BYTES);
    const data = readMessage(call, dataPointer, dataLength);
    const plaintext = readMessage(call, textPointer, textLength);
    const { primitives, random } = call.environment;
    const nonce = random(NONCE_BYTES, NONCE_LABEL);
    const body = primitives.aesGcmSivSeal(key, nonce, data, plaintext);
    writeList(call.memory, result, concat([nonce, body]));
  };

/** `open: func(key: list<u8>, data: list<u8>, sealed: list<u8>) -> option<list<u8>>` */
export const cryptoOpen: Bind =
  (call) =>
  (
    keyPointer: number,
    keyLength: number,
    dataPointer: number,
    dataLength: number,
    sealedPointer: number,
    sealedLength: number,
    result: number,
  ): void => {
    call.enter("crypto.open", (dataLength >>> 0) + (sealedLength >>> 0));
    const key = readExactly(call, keyPointer, keyLength, KEY_BYTES);
    const data = readMessage(call, dataPointer, dataLength);
    const sealed = readMessage(call, sealedPointer, sealedLength, SEALED_BYTES_MAX);
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const opened =
      nonce.length < NONCE_BYTES
        ? undefined
        : call.environment.primitives.aesGcmSivOpen(key, nonce, data, sealed.subarray(NONCE_BYTES));
    writeOption(call.memory, result, opened);
  };
