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
import type { CoreModule } from "#host/vm/decode/module.ts";
import { placeOf } from "#host/vm/meter/place.ts";

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
    placeOf(this.#module, node).limit("merges", this.#sum, MODULE_MERGES_MAX);
  }
}
