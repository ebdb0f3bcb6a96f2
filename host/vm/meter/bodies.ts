/**
 * Meters the bodies of a module, callees first: what a function's callers pay for it has to be known before theirs.
 *
 * @module
 */
import { MODULE_METERED_BYTES_MAX } from "#protocol/limits.ts";
import { Body } from "#host/vm/decode/body.ts";
import type { CoreModule } from "#host/vm/decode/module.ts";
import { placeOf } from "#host/vm/meter/place.ts";
import { Charges } from "#host/vm/meter/charges.ts";
import { BodyEmitter } from "#host/vm/meter/emit.ts";
import type { Callees } from "#host/vm/meter/flow.ts";
import type { Callee, EmitContext } from "#host/vm/meter/function.ts";
import { OffsetMap } from "#host/vm/meter/offsets.ts";
import type { Hints } from "#host/vm/meter/slices.ts";
import type { Survey } from "#host/vm/meter/survey.ts";
import type { Doors } from "#host/vm/meter/doors.ts";
import { Writer } from "#host/vm/meter/writer.ts";

/** What callers pay ahead for one function at most: a body full of calls still pays for less than a second. */
const ENTRY_GAS_MAX = 4_096;

export interface BodiesOptions {
  readonly context: Omit<EmitContext, "callee">;
  readonly doors: Doors;
  readonly offsetMap: boolean;
  readonly keepsNan: ((definedIndex: number, body: Body) => (index: number) => boolean) | undefined;
}

export class Bodies {
  /** What a `call` of a function costs on top of its price, by index, imports first. */
  readonly entryGas: Float64Array;
  readonly #module: CoreModule;
  readonly #survey: Survey;
  readonly #options: BodiesOptions;
  readonly #takesGas: Uint8Array;
  readonly #callees: Callees;
  readonly #body = new Body();
  readonly #charges = new Charges();
  readonly #code = new Writer();
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  readonly #offsets: OffsetMap[] = [];
  readonly #resumes: number[][] = [];

  constructor(module: CoreModule, survey: Survey, options: BodiesOptions) {
    const count = module.bodies.length;
    this.#module = module;
    this.#survey = survey;
    this.#options = options;
    this.entryGas = new Float64Array(module.importedFunctions + count);
    this.#takesGas = new Uint8Array(count);
    const { importedFunctions } = module;
    const spends = (index: number): boolean =>
      index < importedFunctions || this.#takesGas[index - importedFunctions] === 1;
    this.#callees = { entryGas: this.entryGas, spends };
    this.#start = new Int32Array(count);
    this.#end = new Int32Array(count);
  }

  /** How the function that the contract calls by `index` is called in metered code. */
  callee(index: number): Callee {
    const { importedFunctions, functionTypes } = this.#module;
    const { takesStack, hostTakesStack } = this.#survey;
    if (index < importedFunctions) {
      return this.#options.doors.outward(index, functionTypes[index] ?? 0, hostTakesStack);
    }
    const node = index - importedFunctions;
    return {
      index,
      takesGas: this.#takesGas[node] === 1,
      takesStack: takesStack[node] === 1,
    };
  }

  /**
   * Meters every body.
   *
   * @throws {@link Fault} `MODULE_LIMIT` if they grow over {@link MODULE_METERED_BYTES_MAX}, in the form that
   *   cannot be suspended.
   */
  run(): void {
    const { order, component, recursive } = this.#survey;
    const context = { ...this.#options.context, callee: (index: number) => this.callee(index) };
    const emitter = new BodyEmitter(context);
    for (let at = 0; at < order.length;) {
      const first = at;
      const node = order[first] ?? 0;
      for (at++; at < order.length && component[order[at] ?? 0] === component[node];) at++;
      const members = order.subarray(first, at);
      if (recursive[node] === 1) this.#prepareRecursive(members);
      for (const member of members) this.#meter(emitter, member);
    }
  }

  /** Bytes of all bodies. */
  get size(): number {
    return this.#code.length;
  }

  /** Appends the bodies in their own order, without a count. */
  write(section: Writer, offsets: OffsetMap | undefined): void {
    const code = this.#code.view();
    for (const [node, start] of this.#start.entries()) {
      const base = section.length;
      section.copy(code, start, this.#end[node] ?? 0);
      const own = this.#offsets[node];
      if (own !== undefined) offsets?.append(own, base - start);
    }
  }

  /** Where functions of the module's own ask for more gas. */
  hints(): Hints[] {
    const { importedFunctions } = this.#module;
    return this.#resumes
      .map((offsets, node) => ({ functionIndex: importedFunctions + node, offsets }))
      .filter(({ offsets }) => offsets.length > 0);
  }

  /** The type of each function of the module's own, as rewritten. */
  types(): number[] {
    const { functionTypes, importedFunctions } = this.#module;
    return functionTypes.slice(importedFunctions).map((type, node) => {
      if (this.#takesGas[node] !== 1) return type;
      return this.#options.context.types.spending(type, this.#survey.takesStack[node] === 1);
    });
  }

  /** Functions that can call themselves pay ahead for each other what they cost without doing so. */
  #prepareRecursive(members: Int32Array): void {
    const { inTable } = this.#survey;
    const { importedFunctions } = this.#module;
    const entries = Array.from(members, (node) => {
      this.#takesGas[node] = 1;
      const gas = this.#charges.read(this.#read(node), this.#callees);
      return inTable[node] === 1 || gas > ENTRY_GAS_MAX ? 0 : gas;
    });
    for (const [at, node] of members.entries()) {
      this.entryGas[importedFunctions + node] = entries[at] ?? 0;
    }
  }

  #read(node: number): Body {
    const span = this.#module.bodies[node] ?? { start: 0, end: 0 };
    this.#body.decode(this.#module.open(span));
    return this.#body;
  }

  #meter(emitter: BodyEmitter, node: number): void {
    const { inTable, recursive, repeats, bytes, spends, takesStack } = this.#survey;
    const { importedFunctions, functionTypes } = this.#module;
    const index = importedFunctions + node;
    const body = this.#read(node);
    const charges = this.#charges;
    const gas = charges.read(body, this.#callees);
    if (recursive[node] === 0) {
      this.entryGas[index] = inTable[node] === 1 || gas > ENTRY_GAS_MAX ? 0 : gas;
    }
    charges.place(body, this.entryGas[index] ?? 0);
    const takesGas =
      inTable[node] === 1 ||
      recursive[node] === 1 ||
      charges.any ||
      charges.flow.callsSpender ||
      spends[node] === 1;
    this.#takesGas[node] = takesGas ? 1 : 0;
    const offsets = this.#options.offsetMap ? new OffsetMap() : undefined;
    this.#start[node] = this.#code.length;
    const one = {
      ...{ body, charges, type: functionTypes[index] ?? 0, takesGas },
      ...{ takesStack: takesStack[node] === 1, spends: spends[node] === 1 },
      repeats: repeats[node] === 1,
      guardedBytes: recursive[node] === 1 ? (bytes[node] ?? 0) : 0,
      keepsNan: this.#options.keepsNan?.(node, body),
    };
    emitter.emit(one, this.#code, offsets);
    this.#end[node] = this.#code.length;
    this.#resumes[node] = emitter.resumes;
    if (offsets !== undefined) this.#offsets[node] = offsets;
    // Code is admitted or refused by the form that every worker runs: the one that can be suspended is larger
    // by a bounded factor, and only workers that run a call live ever make it.
    const isBounded = this.#options.context.helpers.resume === undefined;
    if (isBounded && this.#code.length > MODULE_METERED_BYTES_MAX) {
      placeOf(this.#module, node).limit(
        "meteredBytes",
        this.#code.length,
        MODULE_METERED_BYTES_MAX,
      );
    }
  }
}
