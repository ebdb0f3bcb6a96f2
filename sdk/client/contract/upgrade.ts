/**
 * Gives a contract new code, in the way that loses nothing: the layouts are compared first.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import { equalBytes, toHex } from "#protocol/bytes.ts";
import { COMMAND_GAS_MAX } from "#protocol/limits.ts";
import { encodeArgs, NO_ARGUMENTS } from "#sdk/client/abi/encode.ts";
import { migrateOf } from "#sdk/client/abi/lookup.ts";
import { parseAbiText } from "#sdk/client/abi/parse.ts";
import { openArtefact, type Artefact } from "#sdk/client/artefact.ts";
import type { Caller } from "#sdk/client/call/caller.ts";
import { sendWithCode } from "#sdk/client/contract/code.ts";
import { describeContract, interfaceText } from "#sdk/client/contract/description.ts";
import type { Deployment, UpgradeOptions } from "#sdk/client/contract/handle.ts";
import { compareLayouts, refuseLoss } from "#sdk/client/contract/layout.ts";
import { gasOption } from "#sdk/client/contract/options.ts";
import { resultOf } from "#sdk/client/contract/outcome.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import type { Deadline } from "#sdk/client/transport/deadline.ts";

/** What code without `@migrate` answers to. */
const NO_MIGRATE = "migrate";

/** How a contract came to its present code. */
export interface Upgrade<A extends Abi> {
  readonly abi: A;
  readonly codeHash: Uint8Array;
  readonly deployment: Deployment;
}

/**
 * @throws {@link HermeticError} `LAYOUT_CHANGED` if stored state would be lost and the new code has no
 *   `@migrate`; of kind `fault` if the enclave refuses. The old code then serves on.
 */
export async function upgrade<A extends Abi>(
  caller: Caller,
  contract: Uint8Array,
  artefact: Artefact<A>,
  options: UpgradeOptions<A>,
  deadline: Deadline,
): Promise<Upgrade<A>> {
  const { component, abi } = openArtefact(artefact);
  const { version } = await describeContract(caller, contract, deadline);
  const before = parseAbiText(await interfaceText(caller, contract, deadline));
  const layout = compareLayouts(before, abi);
  const migrate = migrateOf(abi);
  if (options.acceptLoss !== true) refuseLoss(abi, layout);
  const hash = caller.connection.primitives.sha256(component);
  const body = {
    op: "upgrade",
    version,
    method: migrate?.name ?? NO_MIGRATE,
    args: migrate === undefined ? NO_ARGUMENTS : encodeArgs(abi, migrate, options.args),
    gasLimit: gasOption(options.gasLimit, COMMAND_GAS_MAX),
  } as const;
  const verified = await sendWithCode(caller, { component, hash }, deadline, (code) =>
    caller.command(contract, [contract], { ...body, code }, deadline),
  );
  const result = resultOf({ abi, contract, method: body.method }, verified, (value) => value);
  if (!equalBytes(verified.reply.codeHash, hash)) throw clientError("REPLY_MALFORMED");
  const { height, gasUsed, events, logs, proof } = result;
  const deployment = { height, gasUsed, codeHash: toHex(hash), events, logs, proof, layout };
  return { abi, codeHash: hash, deployment };
}
