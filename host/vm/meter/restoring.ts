/**
 * What makes an instance as new once more: a function that gives each variable the value that it began with.
 *
 * Memory is the host's to restore. Whatever else an instance has stays as it was made, if the code holds
 * nothing that changes a table or drops a segment.
 *
 * @module
 */
import type { CoreModule } from "#host/vm/decode/module.ts";
import { op } from "#host/vm/decode/opcodes.ts";
import type { Counters } from "#host/vm/meter/counters.ts";
import type { Writer } from "#host/vm/meter/writer.ts";
import { RESERVED_PREFIX } from "#host/vm/world.ts";

/** Takes and gives nothing, and costs no gas: the host calls it between two calls of the contract. */
export const RESTORE_EXPORT: string = `${RESERVED_PREFIX}restore`;

/** The body of that function: the contract's variables, and the counters, which begin with these. */
export function writeRestore(
  code: Writer,
  { bytes, variables }: CoreModule,
  { gasGlobal, stackGlobal }: Counters,
  { gas, stackBytes }: { readonly gas: number; readonly stackBytes: number },
): void {
  for (const { index, initial } of variables) {
    code.copy(bytes, initial.start, initial.end).byte(op.globalSet).u32(index);
  }
  code.byte(op.i64Const).signed(gas).byte(op.globalSet).u32(gasGlobal);
  code.byte(op.i32Const).signed(stackBytes).byte(op.globalSet).u32(stackGlobal);
}
