/**
 * Finds which functions take their frame from the stack budget, and how much of it.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { STATIC_STACK_BYTES_MAX } from "#protocol/limits.ts";
import { Body } from "#host/vm/decode/body.ts";
import { definedType, type CoreModule } from "#host/vm/decode/module.ts";
import { op } from "#host/vm/decode/opcodes.ts";
import { frameBytes } from "#host/vm/meter/frames.ts";
import { findRecursion } from "#host/vm/meter/recursion.ts";

export interface GuardedFrames {
  /** Frame bytes of each recursive function; undefined for all others. */
  readonly frames: readonly (number | undefined)[];
  /** Bytes of the other frames on the longest call path. */
  readonly staticBytes: number;
}

/**
 * Finds the frames that are taken from the budget, and what the others come to.
 *
 * @throws {@link Fault} `MODULE_LIMIT` if the frames of a call path without recursion exceed {@link STATIC_STACK_BYTES_MAX}.
 */
export function guardedFrames(module: CoreModule): GuardedFrames {
  const body = new Body();
  const { bodies, importedFunctions, types, functionTypes, tableFunctions } = module;
  const typeNodes = new Map<string, number>();
  const calls: number[][] = [];
  const bytes: number[] = [];
  const nodeOfType = types.map((type) => {
    const key = `${type.params.join()}:${type.results.join()}`;
    const node = typeNodes.get(key) ?? bodies.length + typeNodes.size;
    typeNodes.set(key, node);
    return node;
  });
  for (const [index, span] of bodies.entries()) {
    body.decode(module.open(span));
    const codeBytes = span.end - span.start;
    bytes.push(frameBytes(module, definedType(module, index), body, codeBytes));
    const callees = new Set<number>();
    for (let at = 0; at < body.count; at++) {
      const value = body.value[at] ?? 0;
      if (body.opcode[at] === op.callIndirect) callees.add(nodeOfType[value] ?? 0);
      else if (body.opcode[at] === op.call && value >= importedFunctions)
        callees.add(value - importedFunctions);
    }
    calls.push([...callees]);
  }
  for (let node = 0; node < typeNodes.size; node++) {
    calls.push([]);
    bytes.push(0);
  }
  for (const callee of tableFunctions) {
    const node = nodeOfType[functionTypes[callee] ?? 0] ?? 0;
    if (callee >= importedFunctions) calls[node]?.push(callee - importedFunctions);
  }
  const { recursive, staticBytes } = findRecursion({ calls, bytes });
  if (staticBytes > STATIC_STACK_BYTES_MAX) {
    throw new Fault("MODULE_LIMIT", { value: staticBytes, limit: STATIC_STACK_BYTES_MAX });
  }
  const frames = bodies.map((_, index) => (recursive[index] === true ? bytes[index] : undefined));
  return { frames, staticBytes };
}
