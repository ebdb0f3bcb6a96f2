/**
 * `hermetic keys`: makes key files and shows whose they are.
 *
 * A key file is readable by its owner only and never overwritten; its seed is never printed.
 *
 * @module
 */
import { Wallet } from "#sdk/client/index.ts";
import { readText, writeNew } from "#worker/cli/files.ts";
import type { Terminal } from "#worker/cli/terminal.ts";
import { required } from "#worker/cli/usage.ts";

const KEY_MODE = 0o600;

export async function keysNew(terminal: Terminal, options: { out?: string }): Promise<void> {
  const path = required(options.out, "--out FILE");
  const wallet = Wallet.generate();
  writeNew(path, `${JSON.stringify(wallet.exportKey(), undefined, 2)}\n`, KEY_MODE);
  const { account } = wallet;
  terminal.result({ account, path }, [`account ${account}`, `key     ${path} (keep it secret)`]);
}

export async function keysShow(terminal: Terminal, _options: object, path = ""): Promise<void> {
  const { account } = readWallet(path);
  terminal.result({ account, path }, [account]);
}

/** @throws {@link WorkerError} `FILE_UNREADABLE`; {@link HermeticError} `KEY_INVALID`. */
export function readWallet(path: string): Wallet {
  return Wallet.fromKey(readText(path));
}
