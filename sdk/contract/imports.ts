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

export declare function context_caller(result: usize): void;
export declare function context_self(result: usize): void;
export declare function context_now(): u64;
export declare function context_height(): u64;
export declare function context_random(length: u32, result: usize): void;

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

export declare function http_fetch(requests: usize, count: u32, result: usize): void;
