/**
 * Declares every contract of a project, for a type check that runs before the tests do.
 *
 * @module
 */
import { basename } from "node:path";
import { Builds, contractBuilder } from "#sdk/testing/vitest/builds.ts";
import { declareContract } from "#sdk/testing/vitest/declarations.ts";
import { contractsIn } from "#sdk/testing/vitest/find-contract.ts";

/**
 * Builds all contracts and writes what `contract:NAME` is into `.hermetic/contracts.d.ts`.
 *
 * @param root - Folder of the project.
 * @param contracts - As the plugin's option of that name.
 * @throws {@link BuildError} if one does not build.
 */
export async function declareContracts(
  root: string,
  contracts: string | readonly string[] = "contracts",
): Promise<void> {
  const builds = new Builds(contractBuilder());
  for (const { file } of contractsIn(root, [contracts].flat())) {
    declareContract(root, basename(file, ".ts"), await builds.get(file));
  }
}
