/**
 * Host function `upgrade` of `hermetic:contract/contracts`: a contract asks for other code of its own.
 *
 * It keeps the code that it has until the command has returned: the call that asks may still write, and
 * would write over what the new code has made of the state. If the new code fails to take over, the command
 * fails as a whole.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { ARGUMENT_BYTES_MAX, NAME_LENGTH_MAX } from "#protocol/limits.ts";
import { enter, HASH_BYTES, RESULT_BYTES, writeFailure } from "#host/functions/contracts.ts";
import { checkLength } from "#host/functions/lengths.ts";
import type { Bind } from "#host/functions/running.ts";

const WORD = 4;

/**
 * `upgrade: func(code, method, args) -> result<_, failure>`; `REGION_TOO_LARGE` for a method or arguments
 * over their limits, `MODE_REFUSED` but in a command.
 */
export const contractsUpgrade: Bind =
  (call) =>
  (
    codePointer: number,
    codeLength: number,
    methodPointer: number,
    methodLength: number,
    argsPointer: number,
    argsLength: number,
    result: number,
  ): void => {
    const [units, length] = [methodLength >>> 0, argsLength >>> 0];
    enter(call, "contracts.upgrade", (codeLength >>> 0) + units * 2 + length);
    if (codeLength >>> 0 !== HASH_BYTES) throw new Fault("ABI_VIOLATION");
    checkLength(units, NAME_LENGTH_MAX);
    checkLength(length, ARGUMENT_BYTES_MAX);
    const area = call.memory.region(result, RESULT_BYTES, WORD);
    const codeHash = call.memory.readBytes(codePointer, HASH_BYTES);
    const method = call.memory.readText(methodPointer, units);
    const args = call.memory.readBytes(argsPointer, length);
    const asked = call.environment.link?.ask({ codeHash, method, args });
    if (asked === undefined) return writeFailure(call, area, new Fault("CODE_UNKNOWN"));
    call.gas.charge(asked.gas);
    if (asked.refusal !== undefined) return writeFailure(call, area, asked.refusal);
    call.memory.setU8(area, 0);
  };
