/**
 * Whether metered code on the engine and the reference interpreter agree on one module, limit by limit.
 *
 * @module
 */
import { admitCore, type AdmittedModule } from "#host/vm/admit.ts";
import type { CoreModule } from "#host/vm/decode/module.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { worldImports } from "#host/vm/world.ts";
import { isTrap } from "#test/conformance/verdict.ts";
import { interpret, type Outcome, type Reference } from "#test/support/interpreter/machine.ts";
import { ARGUMENTS, execute } from "#test/support/reference/engine.ts";

export const PAGES_MAX = 4;
/** Where the interpreter stops a program that does not end. */
export const GAS = 300_000;
/** More than any stretch of code prepays. */
const AMPLE = 1_000_000_000;
/** Less gas than a call uses, as shares of that; one gas less is tried besides. */
const SHARES = [0, 0.4, 0.9];

/** The two machines differ: `message` says in what. */
class Disagreement extends Error {}

function same(what: string, engine: unknown, reference: unknown): void {
  if (engine === reference) return;
  throw new Disagreement(`${what}: ${String(engine)} on the engine, ${String(reference)} expected`);
}

/**
 * Runs a module on both machines with ample gas, with exactly enough and with less, and with just enough
 * stack and with less.
 *
 * @param executed - Counts what the interpreter ran, by opcode.
 * @throws {@link Disagreement}
 */
export function agree(core: Uint8Array, executed?: Uint32Array): Reference {
  return new Comparison(core).run(executed);
}

class Comparison {
  readonly #admitted: AdmittedModule;
  readonly #module: CoreModule;

  constructor(core: Uint8Array) {
    this.#admitted = admitCore(core, PAGES_MAX);
    this.#module = decodeModule(core, worldImports, PAGES_MAX);
  }

  run(executed?: Uint32Array): Reference {
    const counting = executed === undefined ? {} : { executed };
    const limits = { gas: GAS, pagesMax: PAGES_MAX, ...counting };
    const reference = interpret(this.#module, "command", ARGUMENTS, limits);
    if (reference.end === "OUT_OF_GAS") this.#ends("OUT_OF_GAS", GAS);
    else this.#equal(execute(this.#admitted, { gas: AMPLE }), reference);
    this.#withLessGas(reference);
    if (reference.end === "returned") {
      this.#ends("returned", reference.gas);
      if (reference.stackPeak > 0) this.#withLessStack(reference);
    }
    return reference;
  }

  #ends(end: Outcome["end"], gas: number): void {
    same(`end with ${gas} gas`, execute(this.#admitted, { gas }, "unseen").end, end);
  }

  /** What the reference had used up when it ended, every other machine must have been paid by then. */
  #withLessGas({ end, gas }: Outcome): void {
    const used = end === "OUT_OF_GAS" ? GAS : gas;
    if (used === 0) return;
    for (const share of SHARES) this.#ends("OUT_OF_GAS", Math.floor(used * share));
    this.#ends("OUT_OF_GAS", used - 1);
  }

  #withLessStack(reference: Reference): void {
    const { stackPeak } = reference;
    const enough = execute(this.#admitted, { gas: AMPLE, stack: stackPeak });
    this.#equal(enough, { ...reference, stack: stackPeak });
    const limits = { gas: GAS, pagesMax: PAGES_MAX, stack: stackPeak - 1 };
    const overflow = interpret(this.#module, "command", ARGUMENTS, limits);
    same("end with less stack", overflow.end, "STACK_OVERFLOW");
    this.#equal(execute(this.#admitted, { gas: AMPLE, stack: stackPeak - 1 }), overflow);
  }

  #equal(engine: Outcome, reference: Outcome): void {
    const { end, trap = "" } = reference;
    same("end", engine.end, end);
    same("memory size", engine.memory.length, reference.memory.length);
    const first = Buffer.compare(engine.memory, reference.memory);
    if (first !== 0) throw new Disagreement(`memory, first at ${differs(engine, reference)}`);
    if (end !== "TRAP") same("stack left", engine.stack, reference.stack);
    else if (!isTrap(trap, engine.trap ?? "")) same("trap", engine.trap, trap);
    if (end !== "returned") return;
    same("results", engine.results.join(), reference.results.join());
    same("gas", engine.gas, reference.gas);
  }
}

function differs(a: Outcome, b: Outcome): number {
  return a.memory.findIndex((byte, index) => byte !== b.memory[index]);
}
