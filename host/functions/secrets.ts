/**
 * Host function `hermetic:contract/secrets`: secrets the owner sealed for this contract.
 *
 * @module
 */
import { NAME_LENGTH_MAX } from "#protocol/limits.ts";
import { secretReference } from "#host/http/secret-reference.ts";
import { checkLength } from "#host/functions/lengths.ts";
import { writeOption } from "#host/functions/results.ts";
import type { Bind, RunningCall } from "#host/functions/running.ts";

/** `get: func(name: string) -> option<string>`; `REGION_TOO_LARGE` for a name over its limit. */
export const secretsGet: Bind =
  (call) =>
  (namePointer: number, nameLength: number, result: number): void => {
    const secret = call.environment.secret(readName(call, "secrets.get", namePointer, nameLength));
    call.chargeBytes("secrets.get", (secret?.length ?? 0) * 2);
    writeOption(call.memory, result, secret);
  };

/**
 * `reference: func(name: string) -> option<string>`; `REGION_TOO_LARGE` for a name over its limit. It tells the
 * contract whether there is such a secret, and nothing of it.
 */
export const secretsReference: Bind =
  (call) =>
  (namePointer: number, nameLength: number, result: number): void => {
    const name = readName(call, "secrets.reference", namePointer, nameLength);
    const { secret, primitives, contractSecret } = call.environment;
    const isSet = secret(name) !== undefined;
    const reference = isSet ? secretReference(primitives, contractSecret(), name) : undefined;
    call.chargeBytes("secrets.reference", (reference?.length ?? 0) * 2);
    writeOption(call.memory, result, reference);
  };

function readName(
  call: RunningCall,
  key: "secrets.get" | "secrets.reference",
  pointer: number,
  length: number,
): string {
  const units = length >>> 0;
  call.enter(key, units * 2);
  checkLength(units, NAME_LENGTH_MAX);
  return call.memory.readText(pointer, units);
}
