/**
 * The first look at every function: what it calls, what its frame takes, and what follows for how it is rewritten.
 *
 * The gas counter is handed from function to function as last parameter and last result, where an engine
 * keeps it in a register; the stack bytes that are left are handed down as a parameter behind it. A
 * function takes part only where it has to: see {@link Survey}.
 *
 * @module
 */
import { STATIC_STACK_BYTES_MAX } from "#protocol/limits.ts";
import { Body } from "#host/vm/decode/body.ts";
import type { CoreModule } from "#host/vm/decode/module.ts";
import { op } from "#host/vm/decode/opcodes.ts";
import { frameBytes, Frames } from "#host/vm/meter/frames.ts";
import { Merges } from "#host/vm/meter/merges.ts";
import { placeOf } from "#host/vm/meter/place.ts";
import { findRecursion } from "#host/vm/meter/recursion.ts";
import type { WorldImportKey } from "#host/vm/world.ts";

/** The contract's allocator: host functions call it. */
const ALLOCATOR = "cabi_realloc";
/** What leaves a table or a segment changed. */
const LASTING: ReadonlySet<number> = new Set([
  op.dataDrop,
  op.elemDrop,
  op.tableInit,
  op.tableCopy,
]);
/** Host functions that take their own stack from what the contract has left. */
const STACK_READERS: readonly WorldImportKey[] = ["contracts.call", "contracts.instantiate"];

/** Facts about the module's own functions, by their index among these. */
export interface Survey {
  /** All functions, callees first; those on a common cycle stand together. */
  readonly order: Int32Array;
  readonly component: Int32Array;
  readonly recursive: Uint8Array;
  /** Bytes of each frame. */
  readonly bytes: Int32Array;
  /** 1 if `call_indirect` may reach it. */
  readonly inTable: Uint8Array;
  /** 1 if it uses gas whatever its callees do: it calls the host or through the table, or has length charges. */
  readonly spends: Uint8Array;
  /** 1 if it takes the stack bytes left: it is recursive, or leads from recursion to recursion, or is in the table. */
  readonly takesStack: Uint8Array;
  /** 1 if it may run often in one call of the contract: it is recursive, or called from a loop, or by such a function. */
  readonly repeats: Uint8Array;
  /** Whether host functions need the stack bytes left: for recursion of the contract's allocator, or for another contract. */
  readonly hostTakesStack: boolean;
  /** Bytes of the frames, recursive ones apart, on the longest path. */
  readonly staticBytes: number;
  /** Whether its memory and its variables are all that a run can leave changed: not its table, nor a segment. */
  readonly isRestorable: boolean;
}

/**
 * Surveys a module whose structure was decoded.
 *
 * @throws {@link Fault} `MODULE_LIMIT` if the frames of a call path without recursion exceed {@link STATIC_STACK_BYTES_MAX},
 * or if an engine would have to move too many values.
 */
export function survey(module: CoreModule): Survey {
  const count = module.bodies.length;
  const calls = new Calls(module);
  const { recursive, staticBytes, deepest, order, component } = findRecursion(calls.graph());
  if (staticBytes > STATIC_STACK_BYTES_MAX) {
    placeOf(module, deepest).limit("stackBytes", staticBytes, STATIC_STACK_BYTES_MAX);
  }
  const inTable = new Uint8Array(count);
  for (const index of module.tableFunctions) {
    if (index >= module.importedFunctions) inTable[index - module.importedFunctions] = 1;
  }
  const { spends, callsHost } = calls;
  const reaches = calls.reaching(order, recursive);
  const allocator = (module.exports.get(ALLOCATOR)?.index ?? 0) - module.importedFunctions;
  const hostTakesStack =
    reaches[allocator] === 1 || STACK_READERS.some((key) => module.imports.includes(key));
  if (hostTakesStack) {
    const seeds = recursive.map((one, node) => one | (callsHost[node] ?? 0));
    reaches.set(calls.reaching(order, seeds));
  }
  const reached = calls.reachedFrom(order, recursive);
  const often = recursive.map((one, node) => one | (calls.inLoop[node] ?? 0));
  const repeats = calls.reachedFrom(order, often);
  const takesStack = new Uint8Array(count);
  for (let node = 0; node < count; node++) {
    const isBetween = reaches[node] === 1 && reached[node] === 1;
    if (recursive[node] === 1 || isBetween || inTable[node] === 1) takesStack[node] = 1;
  }
  const own = order.filter((node) => node < count);
  const { bytes, isRestorable } = calls;
  return {
    ...{ order: own, component, recursive, bytes, inTable, spends, takesStack },
    ...{ repeats, hostTakesStack, staticBytes, isRestorable },
  };
}

/** The calls of a module: its functions are the first nodes, its types those behind, by structure. */
class Calls {
  readonly spends: Uint8Array;
  readonly callsHost: Uint8Array;
  /** 1 for what is called from within a loop. */
  readonly inLoop: Uint8Array;
  readonly bytes: Int32Array;
  isRestorable = true;
  readonly #first: Int32Array;
  #callees = new Int32Array(1024);
  #count = 0;

  constructor(module: CoreModule) {
    const { bodies, types, importedFunctions, functionTypes, tableFunctions } = module;
    const typeNodes = new Map<string, number>();
    const nodeOfType = types.map(({ params, results }) => {
      const key = `${params.join()}:${results.join()}`;
      const node = typeNodes.get(key) ?? bodies.length + typeNodes.size;
      typeNodes.set(key, node);
      return node;
    });
    const nodes = bodies.length + typeNodes.size;
    this.spends = new Uint8Array(nodes);
    this.callsHost = new Uint8Array(nodes);
    this.inLoop = new Uint8Array(nodes);
    this.bytes = new Int32Array(nodes);
    this.#first = new Int32Array(nodes + 1);
    this.#readBodies(module, nodeOfType);
    const inTable: number[][] = Array.from({ length: typeNodes.size }, () => []);
    for (const callee of tableFunctions) {
      const node = nodeOfType[functionTypes[callee] ?? 0] ?? 0;
      if (callee >= importedFunctions)
        inTable[node - bodies.length]?.push(callee - importedFunctions);
    }
    for (const [type, members] of inTable.entries()) {
      this.#first[bodies.length + type] = this.#count;
      for (const member of members) this.#add(member);
    }
    this.#first[nodes] = this.#count;
  }

  graph(): { first: Int32Array; callees: Int32Array; bytes: Int32Array } {
    return { first: this.#first, callees: this.#callees, bytes: this.bytes };
  }

  /** The nodes that lead to a seed or are one. */
  reaching(order: Int32Array, seeds: Uint8Array): Uint8Array {
    const found = seeds.slice();
    for (const node of order) {
      for (let at = this.#first[node] ?? 0; at < (this.#first[node + 1] ?? 0); at++) {
        if (found[this.#callees[at] ?? 0] === 1) found[node] = 1;
      }
    }
    return found;
  }

  /** The nodes that a seed leads to, and the seeds. */
  reachedFrom(order: Int32Array, seeds: Uint8Array): Uint8Array {
    const found = seeds.slice();
    for (let place = order.length - 1; place >= 0; place--) {
      const node = order[place] ?? 0;
      if (found[node] === 0) continue;
      for (let at = this.#first[node] ?? 0; at < (this.#first[node + 1] ?? 0); at++) {
        found[this.#callees[at] ?? 0] = 1;
      }
    }
    return found;
  }

  #readBodies(module: CoreModule, nodeOfType: readonly number[]): void {
    const { bodies, importedFunctions, functionTypes } = module;
    const body = new Body();
    const frames = new Frames(module);
    const merges = new Merges(module);
    const lastCaller = new Int32Array(this.bytes.length).fill(-1);
    for (const [node, span] of bodies.entries()) {
      body.decode(module.open(span));
      const type = functionTypes[importedFunctions + node] ?? 0;
      const values = frames.values(type, body);
      merges.add(node, body.forks * values);
      this.bytes[node] = frameBytes(values, span.end - span.start);
      this.#first[node] = this.#count;
      const { opcode, partner, count } = body;
      let loopEnd = 0;
      for (let at = 0; at < count; at++) {
        const code = opcode[at] ?? 0;
        if (code === op.loop && at > loopEnd) loopEnd = partner[at] ?? 0;
        const isCall = code === op.call || code === op.callIndirect;
        if (!isCall && code < op.memoryInit && code !== op.memoryGrow) continue;
        if (LASTING.has(code)) this.isRestorable = false;
        if (code !== op.call && code !== op.dataDrop && code !== op.elemDrop) this.spends[node] = 1;
        if (!isCall) continue;
        const value = body.value[at] ?? 0;
        const callee = code === op.call ? value - importedFunctions : (nodeOfType[value] ?? 0);
        if (callee < 0) {
          this.spends[node] = 1;
          this.callsHost[node] = 1;
          continue;
        }
        if (at < loopEnd) this.inLoop[callee] = 1;
        if (lastCaller[callee] === node) continue;
        lastCaller[callee] = node;
        this.#add(callee);
      }
    }
  }

  #add(callee: number): void {
    if (this.#count === this.#callees.length) {
      const larger = new Int32Array(2 * this.#count);
      larger.set(this.#callees);
      this.#callees = larger;
    }
    this.#callees[this.#count++] = callee;
  }
}
