/**
 * A meter that is obvious: one counter, and a charge with its check wherever a placement says.
 *
 * It shares the decoder and the price list with the product's meter, and nothing of how charges are
 * merged and placed. It limits no stack and leaves NaNs alone.
 *
 * @module
 */
import { Body } from "#host/vm/decode/body.ts";
import { section, type CoreModule, type Span } from "#host/vm/decode/module.ts";
import { op } from "#host/vm/decode/opcodes.ts";
import { Reader } from "#host/vm/decode/reader.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { admitCore, type AdmittedModule } from "#host/vm/admit.ts";
import { GAS_EXPORT, STACK_EXPORT } from "#host/vm/meter/counters.ts";
import { BULK_BYTES_PER_GAS_SHIFT, ENTRY_GAS, PAGE_GAS } from "#host/vm/meter/prices.ts";
import { MEMORY_IMPORT } from "#host/vm/meter/meter.ts";
import { worldImports } from "#host/vm/world.ts";
import { everyInstruction, type Placement } from "#test/support/placements.ts";
import {
  exported,
  i32,
  i64,
  name,
  section as encode,
  signed,
  u32,
  vector,
} from "#test/support/wasm.ts";

const MEMORY_PAGES = 256;

/** The same contract, admitted as usual but metered where `placement` says. */
export function admitNaively(
  core: Uint8Array,
  placement: Placement = everyInstruction,
): AdmittedModule {
  const admitted = admitCore(core);
  const module = decodeModule(core, worldImports, MEMORY_PAGES);
  const bytes = rewrite(module, placement);
  return { ...admitted, module: new WebAssembly.Module(bytes), codeBytes: bytes.length };
}

function rewrite(module: CoreModule, placement: Placement): Uint8Array<ArrayBuffer> {
  const { bytes, globalCount } = module;
  const copy = (id: number): number[] => {
    const span = module.sections.get(id);
    return span === undefined ? [] : [...bytes.subarray(span.start, span.end)];
  };
  const globals = new Reader(
    Uint8Array.from(copy(section.global)),
    0,
    copy(section.global).length,
    "TRAP",
  );
  if (!globals.done) globals.u32();
  const counters = [
    ...[i64, 1, 0x42, 0, 0x0b],
    ...[i32, 1, 0x41, 0, 0x0b],
    ...[i32, 1, 0x41, 0, 0x0b],
  ];
  const exports = [...module.exports].map(([label, { kind, index }]) =>
    exported(label, kind, index),
  );
  exports.push(exported(GAS_EXPORT, 3, globalCount), exported(STACK_EXPORT, 3, globalCount + 1));
  const imports = copy(section.import).slice(u32(module.imports.length).length);
  const memory = [
    ...[...name(MEMORY_IMPORT.module), ...name(MEMORY_IMPORT.name), 2, 1],
    ...[...u32(module.memoryPages), ...u32(MEMORY_PAGES)],
  ];
  const contents: [number, number[]][] = [
    [section.type, copy(section.type)],
    [section.import, [...u32(module.imports.length + 1), ...imports, ...memory]],
    [section.function, copy(section.function)],
    [section.table, copy(section.table)],
    [
      section.global,
      [...u32(globalCount + 3), ...globals.bytes.subarray(globals.offset), ...counters],
    ],
    [section.export, vector(exports)],
    [section.element, copy(section.element)],
    [section.dataCount, copy(section.dataCount)],
    [section.code, vector(module.bodies.map((span) => rewriteBody(module, span, placement)))],
    [section.data, copy(section.data)],
  ];
  const out = [...bytes.subarray(0, 8)];
  for (const [id, content] of contents) {
    if (content.length > 0) for (const byte of encode(id, content)) out.push(byte);
  }
  return Uint8Array.from(out);
}

const perPage = [0xad, 0x42, ...signed(PAGE_GAS), 0x7e];
const perByte = [0x41, BULK_BYTES_PER_GAS_SHIFT, 0x76, 0xad];
const perEntry = [0xad, 0x42, ...signed(ENTRY_GAS), 0x7e];
/** Code that makes gas of the length on top, for each instruction that has one. */
const lengthUnits: ReadonlyMap<number, readonly number[]> = new Map([
  [op.memoryGrow, perPage],
  [op.memoryCopy, perByte],
  [op.memoryFill, perByte],
  [op.memoryInit, perByte],
  [op.tableInit, perEntry],
  [op.tableCopy, perEntry],
]);

function rewriteBody(module: CoreModule, span: Span, placement: Placement): number[] {
  const body = new Body();
  body.decode(new Reader(module.bytes, span.start, span.end, "MODULE_MALFORMED"));
  const amounts = placement(body);
  if (amounts === undefined) {
    return [...u32(span.end - span.start), ...module.bytes.subarray(span.start, span.end)];
  }
  const gas = u32(module.globalCount);
  const spare = u32(module.globalCount + 2);
  const out = [...module.bytes.subarray(span.start, body.offset[0])];
  const pay = (amount: readonly number[]): void => {
    out.push(0x23, ...gas, ...amount, op.i64Sub, 0x24, ...gas);
    out.push(0x23, ...gas, 0x42, 0, op.i64LtS, 0x04, 0x40, 0x00, 0x0b);
  };
  for (let index = 0; index < body.count; index++) {
    const code = body.opcode[index] ?? 0;
    const amount = amounts[index] ?? 0;
    if (amount > 0) pay([0x42, ...signed(amount)]);
    const unit = lengthUnits.get(code);
    if (unit !== undefined) {
      out.push(0x24, ...spare);
      pay([0x23, ...spare, ...unit]);
      out.push(0x23, ...spare);
    }
    out.push(...module.bytes.subarray(body.offset[index], body.offset[index + 1]));
  }
  return [...u32(out.length), ...out];
}
