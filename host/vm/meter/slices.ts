/**
 * What lets metered code go on after its counter has run down: a call to the host in place of a trap.
 *
 * A module metered this way is for long calls. Its gas is the same; the host tells it whether there is more,
 * and may let others run before it answers. The way to the host is a table behind the contract's own, since
 * another import would move every function's index. The engine is told that charges rarely get there, or
 * loops would be compiled as if they called something.
 *
 * @module
 */
import type { CoreModule } from "#host/vm/decode/module.ts";
import { section } from "#host/vm/decode/module.ts";
import { EMPTY_BLOCK, op } from "#host/vm/decode/opcodes.ts";
import type { Writer } from "#host/vm/meter/writer.ts";
import { RESERVED_PREFIX } from "#host/vm/world.ts";

/** The table whose only entry the host fills with a function that takes and gives nothing. */
export const SLICE_EXPORT: string = `${RESERVED_PREFIX}slice`;

const FUNCREF = 0x70;
/** A section that engines may ignore (WebAssembly branch hinting, phase 4). */
const HINTS = "metadata.code.branch_hint";
const HINT_BYTES = 1;
const UNLIKELY = 0;

/** Tables of the contract's own, 0 or 1. */
export function ownTables(module: CoreModule): number {
  const span = module.sections.get(section.table);
  return span === undefined ? 0 : module.open(span).u32();
}

/** The table section: the contract's own table, if it has one, and the one of {@link SLICE_EXPORT}. */
export function writeTables(out: Writer, module: CoreModule): void {
  const span = module.sections.get(section.table);
  out.u32(ownTables(module) + 1);
  if (span !== undefined) {
    const reader = module.open(span);
    reader.u32();
    out.copy(module.bytes, reader.offset, span.end);
  }
  const bounded = 1;
  out.bytes(FUNCREF, bounded, 1, 1);
}

/**
 * Lowers the local `gas` by the i64 on top, the old counter below it, and asks for more below zero.
 *
 * @param resume - Function that takes the counter and gives it back as the host has set it.
 * @returns Where the branch stands.
 */
export function writeResuming(code: Writer, gas: number, resume: number): number {
  code.byte(op.i64Sub).byte(op.localTee).u32(gas);
  code.pair(op.i64Const, 0).byte(op.i64LtS);
  const at = code.length;
  code.pair(op.if, EMPTY_BLOCK).byte(op.localGet).u32(gas);
  code.byte(op.call).u32(resume).byte(op.localSet).u32(gas).byte(op.end);
  return at;
}

/** The body of `resume`: shows the counter to the host and takes it back. */
export function writeResume(code: Writer, gasGlobal: number, type: number, table: number): void {
  const parameter = 0;
  code.byte(op.localGet).u32(parameter).byte(op.globalSet).u32(gasGlobal);
  code.pair(op.i32Const, 0).byte(op.callIndirect).u32(type).u32(table);
  code.byte(op.globalGet).u32(gasGlobal);
}

/** Branches of one function that are rarely taken: offsets from the start of its body. */
export interface Hints {
  readonly functionIndex: number;
  readonly offsets: readonly number[];
}

/** The content of the custom section, which stands before the code. */
export function writeHints(out: Writer, hints: readonly Hints[]): void {
  out.name(HINTS).u32(hints.length);
  for (const { functionIndex, offsets } of hints) {
    out.u32(functionIndex).u32(offsets.length);
    for (const offset of offsets) out.u32(offset).u32(HINT_BYTES).byte(UNLIKELY);
  }
}
