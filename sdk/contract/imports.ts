/**
 * The host functions, as the WIT world flattens them: the only doors out of a contract.
 *
 * A name is `interface_function`; the build turns it into the import `hermetic:contract/interface`
 * and refuses every other import, so that nothing in a contract can reach past this list.
 * Pointers and lengths follow the canonical ABI with `utf16` strings (lengths in code units).
 *
 * @module
 */

export declare function state_get(key: usize, keyLength: u32, result: usize): void;
export declare function state_set(key: usize, keyLength: u32, value: usize, length: u32): void;
export declare function state_remove(key: usize, keyLength: u32): void;
export declare function state_scan(
  start: usize,
  startLength: u32,
  end: usize,
  endLength: u32,
  limit: u32,
  options: u32,
  result: usize,
): void;

export declare function context_caller(result: usize): void;
export declare function context_self(result: usize): void;
export declare function context_now(): u64;
export declare function context_height(): u64;
export declare function context_random(
  label: usize,
  labelLength: u32,
  length: u32,
  result: usize,
): void;

export declare function events_emit(
  name: usize,
  nameLength: u32,
  fields: usize,
  length: u32,
  isPublic: bool,
): void;

export declare function logging_log(level: i32, text: usize, length: u32): void;

export declare function control_fail(
  name: usize,
  nameLength: u32,
  fields: usize,
  length: u32,
): void;
export declare function control_panic(
  text: usize,
  length: u32,
  file: usize,
  fileLength: u32,
  line: u32,
  column: u32,
): void;
export declare function control_refuse(reason: i32): void;

export declare function secrets_get(name: usize, length: u32, result: usize): void;
export declare function secrets_reference(name: usize, length: u32, result: usize): void;

export declare function crypto_sha256(data: usize, length: u32, result: usize): void;
export declare function crypto_keccak256(data: usize, length: u32, result: usize): void;
export declare function crypto_blake2b(
  data: usize,
  length: u32,
  key: usize,
  keyLength: u32,
  bytes: u32,
  result: usize,
): void;
export declare function crypto_verify(
  scheme: i32,
  publicKey: usize,
  publicKeyLength: u32,
  message: usize,
  messageLength: u32,
  signature: usize,
  signatureLength: u32,
): bool;
export declare function crypto_recover(
  digest: usize,
  digestLength: u32,
  signature: usize,
  signatureLength: u32,
  result: usize,
): void;
export declare function crypto_seal(
  key: usize,
  keyLength: u32,
  data: usize,
  dataLength: u32,
  plaintext: usize,
  plaintextLength: u32,
  result: usize,
): void;
export declare function crypto_open(
  key: usize,
  keyLength: u32,
  data: usize,
  dataLength: u32,
  sealed: usize,
  sealedLength: u32,
  result: usize,
): void;

export declare function keys_derive(label: usize, labelLength: u32, result: usize): void;
export declare function keys_public_key(
  scheme: i32,
  label: usize,
  labelLength: u32,
  result: usize,
): void;
export declare function keys_sign(
  scheme: i32,
  label: usize,
  labelLength: u32,
  message: usize,
  messageLength: u32,
  result: usize,
): void;

export declare function http_fetch(requests: usize, count: u32, result: usize): void;

export declare function scheduler_plan(
  height: u64,
  every: u64,
  method: usize,
  methodLength: u32,
  args: usize,
  length: u32,
  gas: u64,
): u64;
export declare function scheduler_cancel(id: u64): bool;

export declare function contracts_call(
  target: usize,
  targetLength: u32,
  kind: u32,
  method: usize,
  methodLength: u32,
  args: usize,
  length: u32,
  hasGas: bool,
  gas: u64,
  result: usize,
): void;
export declare function contracts_instantiate(
  code: usize,
  codeLength: u32,
  salt: usize,
  saltLength: u32,
  method: usize,
  methodLength: u32,
  args: usize,
  length: u32,
  hasGas: bool,
  gas: u64,
  result: usize,
): void;
export declare function contracts_upgrade(
  code: usize,
  codeLength: u32,
  method: usize,
  methodLength: u32,
  args: usize,
  length: u32,
  result: usize,
): void;
