/**
 * Where a simple meter charges: before every instruction, at the start of every basic block, or nowhere.
 *
 * All but the last come to the same sum at normal completion, which is the definition of gas.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import { op } from "#host/vm/decode/opcodes.ts";
import { entryGas, instructionGas } from "#host/vm/meter/prices.ts";

/** Gas to charge before each instruction of a body, or undefined to leave the body as it is. */
export type Placement = (body: Body) => readonly number[] | undefined;

/** The definition: every instruction pays for itself, right before it runs. */
export const everyInstruction: Placement = (body) => {
  const gas = Array.from({ length: body.count }, (_, index) => priceOf(body, index));
  gas[0] = (gas[0] ?? 0) + entryGas(body.localCount);
  return gas;
};

/** Instructions behind which control may come from, or go, somewhere else. */
const BOUNDARIES: ReadonlySet<number> = new Set([
  ...[op.loop, op.if, op.else, op.end],
  ...[op.br, op.brIf, op.brTable, op.return, op.unreachable],
]);

/** What other sandboxes do: a basic block pays for all its instructions as it is entered. */
export const everyBlock: Placement = (body) => {
  const gas = Array.from({ length: body.count }, () => 0);
  let start = 0;
  gas[0] = entryGas(body.localCount);
  for (let index = 0; index < body.count; index++) {
    gas[start] = (gas[start] ?? 0) + priceOf(body, index);
    if (BOUNDARIES.has(body.opcode[index] ?? 0)) start = index + 1;
  }
  return gas;
};

/** A control: the module is written anew, and nothing is charged. */
export const nowhere: Placement = () => undefined;

function priceOf(body: Body, index: number): number {
  return instructionGas(body.opcode[index] ?? 0);
}
