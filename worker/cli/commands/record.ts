/**
 * `hermetic query --record FILE`: the query runs on a fork of a local worker, and what the real web answers is
 * written to a file that the test kit plays back.
 *
 * @module
 */
import { join } from "node:path";
import type { AccountClient } from "#sdk/client/index.ts";
import { readWallet } from "#worker/cli/commands/keys.ts";
import type { AccountFlags } from "#worker/cli/network-flags.ts";
import { readSecrets } from "#worker/cli/secrets-file.ts";
import { required, usage } from "#worker/cli/usage.ts";

export interface RecordFlags {
  readonly record?: string;
  readonly fork?: string;
  readonly secrets?: string;
}

/** What was written. */
export interface Recorded {
  readonly file: string;
  readonly exchanges: number;
}

export interface OpenRecorder {
  readonly account: AccountClient;
  /** Waits for a call of the account, and writes the file. */
  record<T>(work: Promise<T>): Promise<{ readonly result: T; readonly recorded: Recorded }>;
}

/** Where `hermetic dev` keeps its worker's data. */
const DEV_DATA = join(".hermetic", "data");

/**
 * The fork that the flags describe; nothing without `--record`.
 *
 * @throws {@link WorkerError} `USAGE`; {@link HermeticError} for a directory that cannot be forked.
 */
export async function openRecorder(
  flags: RecordFlags & AccountFlags,
): Promise<OpenRecorder | undefined> {
  const { record: file, fork = DEV_DATA, secrets } = flags;
  if (file === undefined) {
    if (flags.fork !== undefined) throw usage("--fork is for --record FILE");
    if (secrets !== undefined) throw usage("--secrets is for --record FILE");
    return undefined;
  }
  if (flags.to !== undefined) {
    throw usage("--record asks a fork of a local worker's data, no worker: leave out --to");
  }
  const wallet = readWallet(required(flags.key, "--key FILE"));
  const values = secrets === undefined ? {} : readSecrets(secrets);
  const { Recorder } = await import("#sdk/testing/recording/recorder.ts");
  const recorder = await Recorder.open({ fork, path: file, secrets: values });
  return {
    account: await recorder.as(wallet),
    record: async (work) => {
      const { result, exchanges } = await recorder.record(work);
      return { result, recorded: { file, exchanges } };
    },
  };
}

export function recordedLines({ file, exchanges }: Recorded): string[] {
  const many = exchanges === 1 ? "1 exchange" : `${exchanges} exchanges`;
  return [`recorded ${many} in ${file}`];
}
