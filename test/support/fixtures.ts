/**
 * The contracts that tests of the runtime deploy, built from `test/runtime/fixtures` on first use.
 *
 * @module
 */
import { join } from "node:path";
import { build } from "#sdk/transform/index.ts";

const folder = join(import.meta.dirname, "..", "runtime", "fixtures");
const built = new Map<string, Promise<Uint8Array>>();

export type FixtureName = "probe" | "oracle" | "successor" | "clockwork" | "vault" | "foundry";

/** The component of a fixture contract. */
export function fixture(name: FixtureName): Promise<Uint8Array> {
  let component = built.get(name);
  if (component === undefined) {
    component = buildOne(join(folder, `${name}.ts`));
    built.set(name, component);
  }
  return component;
}

async function buildOne(entry: string): Promise<Uint8Array> {
  const { contracts } = await build({ entry });
  const [contract] = contracts;
  if (contract === undefined) throw new Error(`no contract in ${entry}`);
  return contract.wasm;
}
