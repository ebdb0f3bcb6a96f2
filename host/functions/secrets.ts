/**
 * Host function `hermetic:contract/secrets`: secrets the owner sealed for this contract.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { NAME_LENGTH_MAX } from "#protocol/limits.ts";
import { writeOption } from "#host/functions/results.ts";
import type { Bind } from "#host/functions/running.ts";

/** `get: func(name: string) -> option<string>`; `REGION_TOO_LARGE` for a name over its limit. */
export const secretsGet: Bind =
  (call) =>
  (namePointer: number, nameLength: number, result: number): void => {
    const units = nameLength >>> 0;
    call.enter("secrets.get", units * 2);
    if (units > NAME_LENGTH_MAX) {
      throw new Fault("REGION_TOO_LARGE", { length: units, limit: NAME_LENGTH_MAX });
    }
    const secret = call.environment.secret(call.memory.readText(namePointer, units));
    call.chargeBytes("secrets.get", (secret?.length ?? 0) * 2);
    writeOption(call.memory, result, secret);
  };
