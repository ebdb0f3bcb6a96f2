/**
 * The control flow of one body: stretches of code that run from end to end, and the ways between them.
 *
 * Each way knows where code can be put that runs whenever that way is taken and never else. Only the ways
 * of a `br_table` have no such place; the labels they lead to are noted, because all of them have to be
 * reached with the same amount paid. Nodes and ways are numbers; their arrays are kept from body to body.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import { FUNCTION_LABEL, op } from "#host/vm/decode/opcodes.ts";
import { entryGas, instructionGas } from "#host/vm/meter/prices.ts";

/** Where code for one way can stand. */
export const place = {
  /** Nowhere, or nothing to pay for: leaving the function, a trap, a branch table. */
  none: 0,
  /** Before an instruction. */
  before: 1,
  /** On the branch that a `br_if` takes. */
  taken: 2,
  /** In the `else` that an `if` does not have, given by its `end`. */
  missingElse: 3,
} as const;

/** The node all completions lead to, the node all certain traps lead to, and the node of the first instruction. */
export const EXIT = 0;
export const TRAP = 1;
export const ENTRY = 2;
const NOWHERE = -1;
const NONE = -1;
/** An instruction makes at most so many nodes, and so many ways unless it is a `br_table`. */
const PER_INSTRUCTION = 3;

/** What is known of the functions that a body calls. */
export interface Callees {
  /** What their callers pay ahead for them, by index. */
  readonly entryGas: Float64Array;
  /** Whether a function takes gas. */
  readonly spends: (index: number) => boolean;
}

export class Flow {
  nodes = 0;
  /** Gas of each node's instructions. */
  cost: Float64Array = new Float64Array(0);
  /** Whether a branch table leads to a node. */
  isTableLabel: Uint8Array = new Uint8Array(0);
  /** Each way: the nodes it leads from and to, its place, and the instruction that place is relative to. */
  ways = 0;
  from: Int32Array = new Int32Array(0);
  to: Int32Array = new Int32Array(0);
  place: Uint8Array = new Uint8Array(0);
  index: Int32Array = new Int32Array(0);
  /** The way into a `loop` from before it, and the way into the arm of an `if`, by their index; -1 if there is none. */
  into: Int32Array = new Int32Array(0);
  /** Whether the body has a loop, a branch to its own label, and a call of a function that takes gas. */
  hasLoops = false;
  branchesOut = false;
  callsSpender = false;
  /** What is open: the opener, and the node that ends with the `if` unless its `else` was met. */
  readonly #opener: number[] = [];
  readonly #condition: number[] = [];
  /** The node of each label by its opener; 0 for one that nothing leads to. */
  #label: Int32Array = new Int32Array(0);
  #node = ENTRY;

  /**
   * Reads the flow of `body`, which must be well-typed.
   *
   * @param callees - What is known of the functions it calls.
   */
  read(body: Body, callees: Callees): void {
    this.#reserve(body);
    this.#opener.length = 0;
    this.#condition.length = 0;
    this.nodes = 0;
    this.ways = 0;
    this.hasLoops = false;
    this.branchesOut = false;
    this.callsSpender = false;
    this.#newNode();
    this.#newNode();
    this.#node = this.#newNode();
    const { opcode, count } = body;
    let gas = entryGas(body.localCount);
    for (let index = 0; index < count; index++) {
      const code = opcode[index] ?? 0;
      gas += instructionGas(code);
      if (code > op.call) continue;
      if (code === op.call) gas += this.#call(body.value[index] ?? 0, callees);
      else {
        if (this.#node !== NOWHERE) this.cost[this.#node] = (this.cost[this.#node] ?? 0) + gas;
        gas = 0;
        this.#control(body, index, code);
      }
    }
  }

  /** What a call costs on top of its price. */
  #call(callee: number, { spends, entryGas: paidByCallers }: Callees): number {
    if (!this.callsSpender && spends(callee)) this.callsSpender = true;
    return paidByCallers[callee] ?? 0;
  }

  /** The node of the label of `opener`, {@link EXIT} for the function's own; 0 as well for one that nothing leads to. */
  labelOf(opener: number): number {
    return opener === FUNCTION_LABEL ? EXIT : (this.#label[opener] ?? 0);
  }

  #reserve(body: Body): void {
    const bytes = body.opcode.length;
    if (this.#label.length >= bytes) {
      this.#label.fill(0, 0, body.count);
      return;
    }
    const nodes = PER_INSTRUCTION * (bytes + 1);
    this.#label = new Int32Array(bytes);
    this.into = new Int32Array(bytes);
    this.cost = new Float64Array(nodes);
    this.isTableLabel = new Uint8Array(nodes);
    // A target of a branch table is a byte of the body.
    const ways = nodes + bytes;
    this.from = new Int32Array(ways);
    this.to = new Int32Array(ways);
    this.place = new Uint8Array(ways);
    this.index = new Int32Array(ways);
  }

  #control(body: Body, index: number, code: number): void {
    const node = this.#node;
    switch (code) {
      case op.block:
        return this.#open(index, NOWHERE);
      case op.loop:
        return this.#loop(index);
      case op.if:
        this.#open(index, node);
        this.into[index] = node === NOWHERE ? NONE : this.ways;
        return this.#continue(node, place.before, index + 1);
      case op.else:
        return this.#else(index);
      case op.end:
        return this.#end(body, index);
      case op.br:
        if (body.target[index] === FUNCTION_LABEL) this.branchesOut = true;
        if (node === NOWHERE) return;
        return this.#leave(
          this.#labelOf(body.target[index] ?? FUNCTION_LABEL),
          place.before,
          index,
        );
      case op.brIf:
        if (body.target[index] === FUNCTION_LABEL) this.branchesOut = true;
        if (node === NOWHERE) return;
        this.#way(node, this.#labelOf(body.target[index] ?? FUNCTION_LABEL), place.taken, index);
        return this.#continue(node, place.before, index + 1);
      case op.brTable:
        return this.#table(body.targetsOf(index));
      case op.return:
        return this.#leave(EXIT, place.none, index);
      case op.unreachable:
        return this.#leave(TRAP, place.none, index);
    }
  }

  #open(opener: number, condition: number): void {
    this.#opener.push(opener);
    this.#condition.push(condition);
  }

  #loop(index: number): void {
    this.hasLoops = true;
    this.#open(index, NOWHERE);
    this.into[index] = this.#node === NOWHERE ? NONE : this.ways;
    if (this.#node === NOWHERE) return;
    const label = this.#labelOf(index);
    this.#way(this.#node, label, place.before, index);
    this.#continue(label, place.before, index + 1);
  }

  #else(index: number): void {
    const innermost = this.#opener.length - 1;
    const opener = this.#opener[innermost] ?? 0;
    if (this.#node !== NOWHERE) this.#leave(this.#labelOf(opener), place.before, index);
    this.#continue(this.#condition[innermost] ?? NOWHERE, place.before, index + 1);
    this.#condition[innermost] = NOWHERE;
  }

  #end(body: Body, index: number): void {
    const opener = this.#opener.pop();
    const condition = this.#condition.pop() ?? NOWHERE;
    if (opener === undefined) return this.#leave(EXIT, place.none, index);
    if (body.opcode[opener] === op.loop) return;
    if (condition !== NOWHERE) {
      this.#way(condition, this.#labelOf(opener), place.missingElse, index);
    }
    const label = this.#label[opener] ?? 0;
    if (label === 0) return;
    this.#leave(label, place.before, index);
    this.#continue(label, place.before, index + 1);
  }

  #table(targets: Int32Array): void {
    if (targets.includes(FUNCTION_LABEL)) this.branchesOut = true;
    if (this.#node === NOWHERE) return;
    for (const target of targets) {
      const label = this.#labelOf(target);
      this.#way(this.#node, label, place.none, 0);
      this.isTableLabel[label] = 1;
    }
    this.#node = NOWHERE;
  }

  #labelOf(opener: number): number {
    if (opener === FUNCTION_LABEL) return EXIT;
    const known = this.#label[opener] ?? 0;
    if (known !== 0) return known;
    const label = this.#newNode();
    this.#label[opener] = label;
    return label;
  }

  #newNode(): number {
    this.cost[this.nodes] = 0;
    this.isTableLabel[this.nodes] = 0;
    return this.nodes++;
  }

  #way(from: number, to: number, where: number, index: number): void {
    if (from === NOWHERE) return;
    const way = this.ways++;
    this.from[way] = from;
    this.to[way] = to;
    this.place[way] = where;
    this.index[way] = index;
  }

  /** Ends the current node with a way to `to`. */
  #leave(to: number, where: number, index: number): void {
    this.#way(this.#node, to, where, index);
    this.#node = NOWHERE;
  }

  /** Goes on in a new node behind `from`; nowhere if `from` cannot be reached. */
  #continue(from: number, where: number, index: number): void {
    this.#node = from === NOWHERE ? NOWHERE : this.#newNode();
    if (this.#node !== NOWHERE) this.#way(from, this.#node, where, index);
  }
}
