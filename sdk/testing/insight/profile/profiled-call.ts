/**
 * A call with the names of its functions, as far as the source map of its code knows them.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import type { BuiltArtefact } from "#sdk/testing/artefact.ts";
import { sourceMapOf } from "#sdk/testing/contract/source-map.ts";
import type { CallNode } from "#sdk/testing/insight/call-tree.ts";
import type { ProfiledCall } from "#sdk/testing/insight/profile/stacks.ts";
import { shownName } from "#sdk/transform/function-names.ts";

/** @param artefactOf - The code at an address, if it is known. */
export function profiledCall(
  node: CallNode,
  artefactOf: (address: Account) => BuiltArtefact | undefined,
): ProfiledCall {
  const address = toHex(node.contract);
  const { abi, map } = artefactOf(address) ?? {};
  const functions = map === undefined ? [] : sourceMapOf(map).functions;
  return {
    name: `${abi?.contract ?? address.slice(0, 8)}.${node.method}`,
    nameOf: (id) => shownName(functions[id]?.[1]) ?? `function ${id}`,
    steps: node.profile.map((step) =>
      "call" in step ? { call: profiledCall(step.call, artefactOf) } : step,
    ),
    used: node.used,
    gasUsed: node.outcome.gasUsed,
  };
}
