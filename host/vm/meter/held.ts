/**
 * Which functions keep the gas counter in a local while they run.
 *
 * A local lives in a register where a global lives in memory, but has to be written back before every call
 * and at the end. So it pays where a loop charges and calls nothing.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import { op } from "#host/vm/decode/opcodes.ts";
import type { Charges } from "#host/vm/meter/charges.ts";

interface Loop {
  charges: boolean;
  calls: boolean;
}

/** Whether `body` has a loop that charges and calls nothing. */
export function holdsGas(body: Body, charges: Charges): boolean {
  const open: (Loop | undefined)[] = [];
  const loops: Loop[] = [];
  for (let index = 0; index < body.count; index++) {
    const code = body.opcode[index] ?? 0;
    const loop = loops.at(-1);
    if (loop !== undefined) {
      loop.charges ||= isCharged(charges, index);
      loop.calls ||= code === op.call || code === op.callIndirect;
    }
    if (code === op.block || code === op.if) open.push(undefined);
    else if (code === op.loop) {
      const begun = { charges: false, calls: false };
      open.push(begun);
      loops.push(begun);
    } else if (code === op.end && open.pop() !== undefined) {
      const ended = loops.pop();
      if (ended?.charges === true && !ended.calls) return true;
      const outer = loops.at(-1);
      if (outer !== undefined && ended?.calls === true) outer.calls = true;
    }
  }
  return false;
}

function isCharged(charges: Charges, index: number): boolean {
  const { amount, taken, missingElse } = charges;
  return (amount[index] ?? 0) > 0 || taken.has(index) || missingElse.has(index);
}
