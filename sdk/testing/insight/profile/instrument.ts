/**
 * Puts a probe at the beginning and at every end of each function of a contract, before it is metered.
 *
 * A probe is a call of a host function that the contract imports anyway, with a pointer that no region has:
 * so nothing is renumbered, and whoever watches the call knows it. What a probe costs is known and given
 * back, so gas stays what it is.
 *
 * @module
 */
import { Body } from "#host/vm/decode/body.ts";
import { section, type CoreModule } from "#host/vm/decode/module.ts";
import { EMPTY_BLOCK, op } from "#host/vm/decode/opcodes.ts";
import type { Instrumented } from "#host/vm/admit.ts";
import { instructionGas } from "#host/vm/meter/prices.ts";
import { OffsetMap } from "#host/vm/meter/offsets.ts";
import { Writer } from "#host/vm/meter/writer.ts";
import { worldImports, type WorldImportKey } from "#host/vm/world.ts";

/** The pointer that marks a probe: its region would end behind any memory. */
export const PROBE_POINTER = -1;
const I32_CONST = 0x41;

/** Host functions that take a pointer and a length first, never wait, and give nothing back. */
const CARRIERS: readonly WorldImportKey[] = [
  "control.panic",
  "control.fail",
  "state.get",
  "state.set",
  "state.remove",
  "events.emit",
  "secrets.get",
];

function carrierOf(imports: readonly WorldImportKey[]): WorldImportKey | undefined {
  return CARRIERS.find((key) => imports.includes(key));
}

/** What one probe costs. */
export function probeGas(carrier: WorldImportKey): number {
  const constants = worldImports[carrier].params.length + 1;
  return (
    constants * instructionGas(I32_CONST) + instructionGas(op.call) + instructionGas(op.brTable)
  );
}

/** @returns Nothing for a module that no probe can be put into. */
export function instrument(module: CoreModule): Instrumented | undefined {
  const carrier = carrierOf(module.imports);
  const code = module.sections.get(section.code);
  if (carrier === undefined || code === undefined) return undefined;
  const bodies = module.bodies.map((_, id) => instrumentBody(module, id, carrier));
  const size = bodies.reduce(
    (sum, { out }) => sum + new Writer().u32(out.length).length + out.length,
    new Writer().u32(bodies.length).length,
  );
  const whole = new Writer();
  // What is before the code section: it begins with its number and its old size.
  const header = 1 + new Writer().u32(code.end - code.start).length;
  whole.copy(module.bytes, 0, code.start - header);
  whole.byte(section.code).u32(size).u32(bodies.length);
  const offsets = new OffsetMap();
  for (const { out, copies } of bodies) {
    whole.u32(out.length);
    for (const { at, from, length } of copies) offsets.add(whole.length + at, from, length);
    whole.copy(out.view());
  }
  whole.copy(module.bytes, code.end);
  return { core: whole.view().slice(), offsets };
}

interface NewBody {
  readonly out: Writer;
  /** What was taken over, and where it stands now. */
  readonly copies: readonly {
    readonly at: number;
    readonly from: number;
    readonly length: number;
  }[];
}

/** A body inside a block of its own, so that whatever leaves it passes the probe behind that. */
function instrumentBody(module: CoreModule, id: number, carrier: WorldImportKey): NewBody {
  const span = module.bodies[id] ?? { start: 0, end: 0 };
  const type = module.types[module.functionTypes[module.importedFunctions + id] ?? 0];
  const [result = EMPTY_BLOCK, ...others] = type?.results ?? [];
  const out = new Writer();
  const copies: { at: number; from: number; length: number }[] = [];
  const copy = (from: number, end: number): void => {
    copies.push({ at: out.length, from, length: end - from });
    out.copy(module.bytes, from, end);
  };
  if (others.length > 0) {
    // A block with several results would need a type of its own. No compiler of contracts makes these.
    copy(span.start, span.end);
    return { out, copies };
  }
  const body = new Body();
  body.decode(module.open(span));
  const probe = (isEnd: boolean): void => {
    writeProbe(out, carrier, module.imports.indexOf(carrier), 2 * id + (isEnd ? 1 : 0));
  };
  copy(span.start, body.offset[0] ?? span.end);
  probe(false);
  out.bytes(op.block, result);
  for (let index = 0; index < body.count; index++) {
    if (body.opcode[index] === op.return) probe(true);
    copy(body.offset[index] ?? 0, body.offset[index + 1] ?? span.end);
  }
  probe(true);
  out.byte(op.end);
  return { out, copies };
}

/** @param mark - Twice the function's number, and one more at its end. */
function writeProbe(out: Writer, carrier: WorldImportKey, index: number, mark: number): void {
  out.byte(I32_CONST).signed(PROBE_POINTER);
  out.byte(I32_CONST).signed(mark);
  for (let rest = worldImports[carrier].params.length - 2; rest > 0; rest--)
    out.bytes(I32_CONST, 0);
  out.byte(op.call).u32(index);
  // Nothing behind a table's label is paid ahead of it: else callers would pay for what they call.
  out.bytes(op.block, EMPTY_BLOCK, I32_CONST, 0, op.brTable, 0, 0, op.end);
}
