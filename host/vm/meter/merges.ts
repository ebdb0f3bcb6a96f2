/**
 * Bounds the code that an engine's first tier makes of a module.
 *
 * Where ways part or meet, that tier writes code that brings every local and operand to its place. So a
 * body of 128 KiB with 2,000 locals and a branch in every eight bytes becomes 400 MiB of machine code,
 * and the process dies of one call. What the caps on each alone let through, their product does not.
 *
 * @module
 */
import { MODULE_MERGES_MAX } from "#protocol/limits.ts";
import { section, type CoreModule } from "#host/vm/decode/module.ts";

export class Merges {
  readonly #module: CoreModule;
  #sum = 0;

  constructor(module: CoreModule) {
    this.#module = module;
  }

  /**
   * Counts one function.
   *
   * @param node - Its index among the module's own functions.
   * @param merges - Its forks times the values that it keeps at each.
   * @throws {@link Fault} `MODULE_LIMIT` if all so far are over {@link MODULE_MERGES_MAX}.
   */
  add(node: number, merges: number): void {
    this.#sum += merges;
    if (this.#sum <= MODULE_MERGES_MAX) return;
    const reader = this.#module.open(this.#module.bodies[node] ?? { start: 0, end: 0 });
    reader.section = section.code;
    reader.begin(this.#module.importedFunctions + node);
    reader.limit("merges", this.#sum, MODULE_MERGES_MAX);
  }
}
