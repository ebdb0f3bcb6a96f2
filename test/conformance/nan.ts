/**
 * Tells which floats cannot hold a NaN that the engine chose.
 *
 * A contract sees one NaN: whatever escapes is canonical. The format leaves that open only for the results
 * of arithmetic; the bits of a constant or a loaded value it wants kept. So the suite runs with the same
 * rewriting, except that floats which are plainly no result of arithmetic escape as they are.
 *
 * @module
 */
import { Body } from "#host/vm/decode/body.ts";
import type { CoreModule } from "#host/vm/decode/module.ts";
import { op } from "#host/vm/decode/opcodes.ts";

/** Loads, constants and conversions from integers; demotion (0xb6) and promotion (0xbb) are arithmetic. */
const FIXED: ReadonlySet<number> = new Set([
  ...[0x2a, 0x2b, op.f32Const, op.f64Const, 0xbe, 0xbf],
  ...[0xb2, 0xb3, 0xb4, 0xb5, 0xb7, 0xb8, 0xb9, 0xba],
]);

/** For the body of each function of the module's own: whether the float before an instruction keeps its bits. */
export function keepsNan(
  module: CoreModule,
): (definedIndex: number, body: Body) => (index: number) => boolean {
  const called = calledFunctions(module);
  return (definedIndex, body) => {
    const type = module.types[module.functionTypes[module.importedFunctions + definedIndex] ?? 0];
    const assigned = assignedLocals(body);
    // Arguments of a function that only the host calls have the bits that the host gave them.
    const given = called.has(module.importedFunctions + definedIndex) ? 0 : type?.params.length;
    return (index) => {
      const before = body.opcode[index - 1] ?? 0;
      const local = body.value[index - 1] ?? 0;
      return (
        FIXED.has(before) ||
        (before === op.localGet && local < (given ?? 0) && !assigned.has(local))
      );
    };
  };
}

function calledFunctions(module: CoreModule): Set<number> {
  const called = new Set(module.tableFunctions);
  const body = new Body();
  for (const span of module.bodies) {
    body.decode(module.open(span));
    for (let index = 0; index < body.count; index++) {
      if (body.opcode[index] === op.call) called.add(body.value[index] ?? 0);
    }
  }
  return called;
}

function assignedLocals(body: Body): Set<number> {
  const assigned = new Set<number>();
  for (let index = 0; index < body.count; index++) {
    const code = body.opcode[index];
    if (code === op.localSet || code === op.localTee) assigned.add(body.value[index] ?? 0);
  }
  return assigned;
}
