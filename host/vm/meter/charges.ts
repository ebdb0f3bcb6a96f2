/**
 * Decides where a function pays, and how much: the exact price of the instructions that run.
 *
 * Code is split where control can split or join. Stretches that always run equally often share one
 * charge, placed before the first of them. Every cycle contains a branch, a branch costs at least
 * one gas, and its charge lies inside the cycle: so a loop without end runs out of gas.
 *
 * @module
 */
import { FUNCTION_LABEL, type Body } from "#host/vm/decode/body.ts";
import { op } from "#host/vm/decode/opcodes.ts";
import { entryGas, instructionGas } from "#host/vm/meter/prices.ts";

/** A block, loop or if that is open at the current instruction. */
interface Frame {
  readonly opener: number;
  /** Where code before the opener pays. */
  readonly point: number;
  /** Whether the opener itself cannot be reached. */
  readonly dead: boolean;
  /** Depth of the outermost frame a branch from here leaves for; -1 is the function itself. */
  leaves: number;
  /** Whether a branch lands at this frame's end. */
  targeted: boolean;
}

export class Charges {
  /** Gas to charge before instruction `i`; valid up to the body's count. */
  amount: Float64Array = new Float64Array(0);
  readonly #frames: Frame[] = [];
  /** Depth of the frame each opener opened. */
  #depth: Int32Array = new Int32Array(0);
  #point = 0;
  #dead = false;

  /** Computes the charges of `body`. The body must be well-typed. */
  place(body: Body): void {
    if (this.amount.length <= body.count) {
      this.amount = new Float64Array(body.opcode.length + 1);
      this.#depth = new Int32Array(body.opcode.length + 1);
    } else {
      this.amount.fill(0, 0, body.count + 1);
    }
    this.#frames.length = 0;
    this.#point = 0;
    this.#dead = false;
    this.#pay(entryGas(body.localCount));
    for (let index = 0; index < body.count; index++) this.#instruction(body, index);
  }

  #pay(gas: number): void {
    this.amount[this.#point] = (this.amount[this.#point] ?? 0) + gas;
  }

  #instruction(body: Body, index: number): void {
    const code = body.opcode[index] ?? 0;
    if (!this.#dead) this.#pay(instructionGas(code));
    switch (code) {
      case op.block:
        this.#open(index);
        break;
      case op.loop:
      case op.if:
        this.#open(index);
        this.#point = index + 1;
        break;
      case op.else:
        this.#point = index + 1;
        this.#dead = this.#frames.at(-1)?.dead ?? false;
        break;
      case op.end:
        this.#close(body, index);
        break;
      case op.brIf:
        this.#branch(body.target[index] ?? FUNCTION_LABEL);
        this.#point = index + 1;
        break;
      case op.br:
        this.#branch(body.target[index] ?? FUNCTION_LABEL);
        this.#dead = true;
        break;
      case op.brTable:
        for (const target of body.tables.get(index) ?? []) this.#branch(target);
        this.#dead = true;
        break;
      case op.return:
        this.#branch(FUNCTION_LABEL);
        this.#dead = true;
        break;
      case op.unreachable:
        this.#dead = true;
        break;
    }
  }

  #open(opener: number): void {
    const depth = this.#frames.length;
    this.#depth[opener] = depth;
    const frame = { opener, point: this.#point, dead: this.#dead, leaves: depth, targeted: false };
    this.#frames.push(frame);
  }

  /** Notes a branch in the innermost frame; frames further out learn of it as that one closes. */
  #branch(target: number): void {
    const depth = target === FUNCTION_LABEL ? -1 : (this.#depth[target] ?? -1);
    const landing = this.#frames[depth];
    if (landing !== undefined) landing.targeted = true;
    const innermost = this.#frames.at(-1);
    if (innermost !== undefined) innermost.leaves = Math.min(innermost.leaves, depth);
  }

  #close(body: Body, index: number): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    const parent = this.#frames.at(-1);
    if (parent !== undefined) parent.leaves = Math.min(parent.leaves, frame.leaves);
    // Control may leave past this frame's end, so what follows can run less often than what precedes.
    const escapes = frame.leaves < this.#frames.length;
    const opener = body.opcode[frame.opener];
    if (opener === op.if || (opener === op.block && frame.targeted)) {
      this.#dead = frame.dead;
      this.#point = escapes ? index + 1 : frame.point;
    } else if (!escapes && !this.#dead) {
      this.#point = frame.point;
    }
  }
}
