/**
 * `hermetic upgrade`, `freeze` and `destroy`: what the owner of a contract may do to it.
 *
 * @module
 */
import { layoutLine, type Abi } from "#sdk/client/index.ts";
import { ANY_CONTRACT } from "#sdk/client/abi/any-contract.ts";
import { readFirstArguments } from "#worker/cli/arguments.ts";
import { failureOf } from "#worker/cli/failure.ts";
import { abiIn, readFile } from "#worker/cli/files.ts";
import type { AccountFlags } from "#worker/cli/network-flags.ts";
import { openAccount } from "#worker/cli/network.ts";
import { shown, type Terminal } from "#worker/cli/terminal.ts";
import { count, usage } from "#worker/cli/usage.ts";
import { sayFailure } from "#worker/cli/verb.ts";

export interface UpgradeFlags extends AccountFlags {
  readonly args?: string;
  readonly gasLimit?: string;
  readonly acceptLoss?: boolean;
}

export interface EndFlags extends AccountFlags {
  readonly yes?: boolean;
}

/** Gives a contract the code of a component, and runs its `@migrate` method. */
export async function upgradeContract(
  terminal: Terminal,
  flags: UpgradeFlags,
  address: string,
  path: string,
  pairs: readonly string[],
): Promise<number> {
  const component = readFile(path);
  const abi = abiIn(path, component);
  const args = readFirstArguments(abi, "migrate", flags.args, pairs);
  const gasLimit = count(flags.gasLimit, "--gas-limit");
  const { acceptLoss } = flags;
  try {
    const contract = (await openAccount(flags)).contract(ANY_CONTRACT, address);
    const work = contract.upgrade<Abi>(component, {
      ...(args === undefined ? {} : { args }),
      ...(gasLimit === undefined ? {} : { gasLimit }),
      ...(acceptLoss === undefined ? {} : { acceptLoss }),
    });
    const { deployment } = await terminal.progress("upgrading", work);
    const { height, codeHash, gasUsed, layout = [] } = deployment ?? {};
    terminal.result({ address, height, codeHash, gasUsed, layout }, [
      `address   ${address}`,
      `code hash ${codeHash ?? ""}`,
      ...layout.map((change) => `layout  ${shown(layoutLine(change))}`),
      terminal.style("dim", `height ${height ?? ""}, gas ${gasUsed ?? ""}`),
    ]);
    return 0;
  } catch (error) {
    return sayFailure(terminal, failureOf(error, abi));
  }
}

/** Freezes or destroys a contract: nothing takes it back, so it has to be said twice. */
export async function endContract(
  terminal: Terminal,
  op: "freeze" | "destroy",
  flags: EndFlags,
  address: string,
): Promise<void> {
  if (flags.yes !== true) throw usage(`nothing takes ${op} back; add --yes if you mean it`);
  const contract = (await openAccount(flags)).contract(ANY_CONTRACT, address);
  const { height } = await terminal.progress(op, contract[op]());
  const status = op === "freeze" ? "frozen" : "destroyed";
  terminal.result({ address, height, status }, [
    `address   ${address}`,
    `status    ${status}`,
    terminal.style("dim", `height ${height}`),
  ]);
}
