/**
 * Flags of the verbs that talk to a worker.
 *
 * @module
 */
import type { Command } from "commander";
import { collect } from "#worker/cli/usage.ts";

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
