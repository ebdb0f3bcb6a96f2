/**
 * The connection that the flags of a verb describe.
 *
 * @module
 */
import { type AccountClient, connect, type Network } from "#sdk/client/index.ts";
import { readWallet } from "#worker/cli/commands/keys.ts";
import { headsBeside } from "#worker/cli/remember.ts";
import type { AccountFlags, NetworkFlags } from "#worker/cli/network-flags.ts";
import { count, required, usage } from "#worker/cli/usage.ts";

/** @throws {@link HermeticError} of kind `trust` or `unreachable`; {@link WorkerError} `USAGE`. */
export async function openNetwork(flags: NetworkFlags, keyPath?: string): Promise<Network> {
  const { allowSimulated, measurement, timeout } = flags;
  const timeoutMs = count(timeout, "--timeout");
  if (timeoutMs === 0) throw usage("--timeout takes at least 1 millisecond");
  return await connect(required(flags.to, "--to URL"), {
    trust: {
      ...(allowSimulated === undefined ? {} : { allowSimulated }),
      ...(measurement === undefined ? {} : { measurements: measurement }),
    },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(keyPath === undefined ? {} : { remember: headsBeside(keyPath) }),
  });
}

/** The worker as the account of the key file sees it. */
export async function openAccount(flags: AccountFlags): Promise<AccountClient> {
  required(flags.to, "--to URL");
  const path = required(flags.key, "--key FILE");
  const wallet = readWallet(path);
  return (await openNetwork(flags, path)).as(wallet);
}
