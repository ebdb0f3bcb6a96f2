/**
 * `hermetic upload`: code to a cluster, for contracts to come.
 *
 * @module
 */
import { abiIn, readFile } from "#worker/cli/files.ts";
import type { AccountFlags } from "#worker/cli/network-flags.ts";
import { openAccount } from "#worker/cli/network.ts";
import type { Terminal } from "#worker/cli/terminal.ts";

export async function uploadCode(
  terminal: Terminal,
  flags: AccountFlags,
  path = "",
): Promise<void> {
  const component = readFile(path);
  abiIn(path, component); // what is no contract at all need not be sent
  const account = await openAccount(flags);
  const { codeHash, height } = await terminal.progress("uploading", account.upload(component));
  terminal.result({ codeHash, height }, [
    `code hash ${codeHash}`,
    terminal.style("dim", `height ${height}`),
  ]);
}
