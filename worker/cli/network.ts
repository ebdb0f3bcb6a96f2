/**
 * Flags of the verbs that talk to a worker, and the connection they describe.
 *
 * @module
 */
import type { Command } from "commander";
import { type AccountClient, connect, type Network } from "#sdk/client/index.ts";
import { readWallet } from "#worker/cli/commands/keys.ts";
import { headsBeside } from "#worker/cli/remember.ts";
import { collect, count, required } from "#worker/cli/usage.ts";

export interface NetworkFlags {
  readonly to?: string;
  readonly allowSimulated?: boolean;
  readonly measurement?: string[];
  readonly timeout?: string;
}

export interface AccountFlags extends NetworkFlags {
  readonly key?: string;
}

export function addNetworkFlags(command: Command): Command {
  return command
    .option("--to <url>", "the worker to talk to")
    .option("--allow-simulated", "accept an enclave without hardware protection")
    .option("--measurement <hex>", "accept this enclave only; may be repeated", collect)
    .option("--timeout <ms>", "give up after so many milliseconds");
}

export function addAccountFlags(command: Command): Command {
  return addNetworkFlags(command).option("--key <file>", "key file of the account");
}

/** @throws {@link HermeticError} of kind `trust` or `unreachable`; {@link WorkerError} `USAGE`. */
export async function openNetwork(flags: NetworkFlags, keyPath?: string): Promise<Network> {
  const { allowSimulated, measurement, timeout } = flags;
  const timeoutMs = count(timeout, "--timeout");
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
