/**
 * The control flow of one body: stretches of code that run from end to end, and the ways between them.
 *
 * Each way knows where code can be put that runs whenever that way is taken and never else. Only the ways
 * of a `br_table` have no such place; the labels they lead to are noted, because all of them have to be
 * reached with the same amount paid.
 *
 * @module
 */
import { FUNCTION_LABEL, type Body } from "#host/vm/decode/body.ts";
import { op } from "#host/vm/decode/opcodes.ts";
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

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly place: number;
  /** The instruction that `place` is relative to. */
  readonly index: number;
}

/** A block, loop or if that is open at the current instruction. */
interface Frame {
  readonly opener: number;
  /** The node that ends with the `if`, unless its `else` was met. */
  condition: number;
}

export class Flow {
  /** Gas of each node's instructions. */
  cost: number[] = [];
  edges: Edge[] = [];
  /** Labels that branch tables lead to. */
  tableLabels: number[] = [];
  readonly #frames: Frame[] = [];
  /** The node of each label by its opener; 0 for one that nothing leads to. */
  #label: Int32Array = new Int32Array(0);
  #node = ENTRY;

  /** Reads the flow of `body`, which must be well-typed. */
  read(body: Body): void {
    if (this.#label.length < body.count) this.#label = new Int32Array(body.opcode.length);
    else this.#label.fill(0, 0, body.count);
    this.cost = [0, 0, entryGas(body.localCount)];
    this.edges = [];
    this.tableLabels = [];
    this.#frames.length = 0;
    this.#node = ENTRY;
    for (let index = 0; index < body.count; index++) this.#instruction(body, index);
  }

  #instruction(body: Body, index: number): void {
    const code = body.opcode[index] ?? 0;
    const node = this.#node;
    if (node !== NOWHERE) this.cost[node] = (this.cost[node] ?? 0) + instructionGas(code);
    switch (code) {
      case op.block:
        return this.#open(index, NOWHERE);
      case op.loop:
        return this.#loop(index);
      case op.if:
        this.#open(index, node);
        return this.#continue(node, place.before, index + 1);
      case op.else:
        return this.#else(index);
      case op.end:
        return this.#end(body, index);
      case op.br:
        if (node === NOWHERE) return;
        return this.#leave(
          this.#labelOf(body.target[index] ?? FUNCTION_LABEL),
          place.before,
          index,
        );
      case op.brIf:
        if (node === NOWHERE) return;
        this.#edge(node, this.#labelOf(body.target[index] ?? FUNCTION_LABEL), place.taken, index);
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
    this.#frames.push({ opener, condition });
  }

  #loop(index: number): void {
    this.#open(index, NOWHERE);
    if (this.#node === NOWHERE) return;
    const label = this.#labelOf(index);
    this.#edge(this.#node, label, place.before, index);
    this.#continue(label, place.before, index + 1);
  }

  #else(index: number): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    if (this.#node !== NOWHERE) this.#leave(this.#labelOf(frame.opener), place.before, index);
    this.#continue(frame.condition, place.before, index + 1);
    frame.condition = NOWHERE;
  }

  #end(body: Body, index: number): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return this.#leave(EXIT, place.none, index);
    if (body.opcode[frame.opener] === op.loop) return;
    if (frame.condition !== NOWHERE) {
      this.#edge(frame.condition, this.#labelOf(frame.opener), place.missingElse, index);
    }
    const label = this.#label[frame.opener] ?? 0;
    if (label === 0) return;
    this.#leave(label, place.before, index);
    this.#continue(label, place.before, index + 1);
  }

  #table(targets: Int32Array): void {
    if (this.#node === NOWHERE) return;
    for (const target of targets) {
      const label = this.#labelOf(target);
      this.#edge(this.#node, label, place.none, 0);
      if (label !== EXIT) this.tableLabels.push(label);
    }
    this.#node = NOWHERE;
  }

  #labelOf(opener: number): number {
    if (opener === FUNCTION_LABEL) return EXIT;
    const known = this.#label[opener] ?? 0;
    if (known !== 0) return known;
    const label = this.cost.push(0) - 1;
    this.#label[opener] = label;
    return label;
  }

  #edge(from: number, to: number, where: number, index: number): void {
    if (from !== NOWHERE) this.edges.push({ from, to, place: where, index });
  }

  /** Ends the current node with a way to `to`. */
  #leave(to: number, where: number, index: number): void {
    this.#edge(this.#node, to, where, index);
    this.#node = NOWHERE;
  }

  /** Goes on in a new node behind `from`; nowhere if `from` cannot be reached. */
  #continue(from: number, where: number, index: number): void {
    this.#node = from === NOWHERE ? NOWHERE : this.cost.push(0) - 1;
    if (this.#node !== NOWHERE) this.#edge(from, this.#node, where, index);
  }
}
