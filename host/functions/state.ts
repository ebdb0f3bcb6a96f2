/**
 * Host functions `hermetic:contract/state`: the contract's own keys and values.
 *
 * @module
 */
import { KEY_BYTE_WEIGHT } from "#host/functions/prices.ts";
import type { Bind, RunningCall } from "#host/functions/running.ts";
import { writeOption } from "#host/functions/results.ts";
import { keyText, type KeyText } from "#host/state/key.ts";

/** A key as the state knows it, without a copy of its bytes. */
function keyOf({ memory }: RunningCall, pointer: number, length: number): KeyText {
  return keyText(memory.viewBytes(pointer, length));
}

/** `get: func(key: list<u8>) -> option<list<u8>>` */
export const stateGet: Bind =
  (call) =>
  (keyPointer: number, keyLength: number, result: number): void => {
    call.enter("state.get", (keyLength >>> 0) * KEY_BYTE_WEIGHT);
    const value = call.environment.state.find(keyOf(call, keyPointer, keyLength));
    if (value !== undefined) call.chargeBytes("state.get", value.length);
    writeOption(call.memory, result, value);
  };

/** `set: func(key: list<u8>, value: list<u8>)` */
export const stateSet: Bind =
  (call) =>
  (keyPointer: number, keyLength: number, valuePointer: number, valueLength: number): void => {
    call.enter("state.set", (keyLength >>> 0) + (valueLength >>> 0));
    const key = keyOf(call, keyPointer, keyLength);
    call.environment.state.put(key, call.memory.readBytes(valuePointer, valueLength));
  };

/** `remove: func(key: list<u8>)` */
export const stateRemove: Bind =
  (call) =>
  (keyPointer: number, keyLength: number): void => {
    call.enter("state.remove", keyLength >>> 0);
    call.environment.state.remove(call.memory.readBytes(keyPointer, keyLength));
  };
