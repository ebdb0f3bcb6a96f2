/**
 * One contract's code in the forms that are compared.
 *
 * @module
 */
import { admit } from "#host/vm/admit.ts";
import { parseComponent } from "#host/vm/component.ts";
import { admitNaively } from "#test/support/naive-meter.ts";
import { everyBlock, nowhere } from "#test/support/placements.ts";

export interface Variant {
  readonly module: WebAssembly.Module;
  readonly codeBytes: number;
  /** For modules that do not bring their own. */
  readonly newMemory?: () => WebAssembly.Memory;
}

export interface Variants {
  /** As uploaded. */
  readonly bare: Variant;
  /** Written anew and not metered. */
  readonly control: Variant;
  /** As the enclave runs it: gas, stack limit, bulk charges, canonical NaNs. */
  readonly metered: Variant;
  /** One global counter, charged and checked in every basic block; nothing else. */
  readonly byBlock: Variant;
}

export function variantsOf(component: Uint8Array): Variants {
  const core = parseComponent(component).core.slice();
  const admitted = admit(component);
  const newMemory = (): WebAssembly.Memory => admitted.memories.take();
  return {
    bare: { module: new WebAssembly.Module(core), codeBytes: core.length },
    control: { ...admitNaively(core, nowhere), newMemory },
    metered: { ...admitted, newMemory },
    byBlock: { ...admitNaively(core, everyBlock), newMemory },
  };
}
