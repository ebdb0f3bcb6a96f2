/**
 * `hermetic deploy`: a built contract to a worker.
 *
 * @module
 */
import type { Abi } from "#sdk/client/index.ts";
import { readFirstArguments } from "#worker/cli/arguments.ts";
import { failureOf } from "#worker/cli/failure.ts";
import { abiIn, readFile } from "#worker/cli/files.ts";
import type { AccountFlags } from "#worker/cli/network-flags.ts";
import { openAccount } from "#worker/cli/network.ts";
import type { Terminal } from "#worker/cli/terminal.ts";
import { count } from "#worker/cli/usage.ts";
import { readSecrets } from "#worker/cli/secrets-file.ts";
import { sayFailure } from "#worker/cli/verb.ts";

export interface DeployFlags extends AccountFlags {
  readonly args?: string;
  readonly salt?: string;
  readonly secrets?: string;
  readonly gasLimit?: string;
}

export async function deployContract(
  terminal: Terminal,
  flags: DeployFlags,
  path: string,
  pairs: readonly string[],
): Promise<number> {
  const component = readFile(path);
  const abi = abiIn(path, component);
  const args = readFirstArguments(abi, "init", flags.args, pairs);
  const gasLimit = count(flags.gasLimit, "--gas-limit");
  const secrets = flags.secrets === undefined ? undefined : readSecrets(flags.secrets);
  try {
    const account = await openAccount(flags);
    const work = account.deploy<Abi>(component, {
      ...(args === undefined ? {} : { args }),
      ...(flags.salt === undefined ? {} : { salt: flags.salt }),
      ...(secrets === undefined ? {} : { secrets }),
      ...(gasLimit === undefined ? {} : { gasLimit }),
    });
    const { address, deployment } = await terminal.progress("deploying", work);
    const { height, codeHash, gasUsed } = deployment ?? {};
    terminal.result({ address, height, codeHash, gasUsed }, [
      `address   ${address}`,
      `code hash ${codeHash ?? ""}`,
      terminal.style("dim", `height ${height ?? ""}, gas ${gasUsed ?? ""}`),
    ]);
    return 0;
  } catch (error) {
    return sayFailure(terminal, failureOf(error, abi));
  }
}
