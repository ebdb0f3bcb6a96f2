/**
 * The data directory of a worker: opening, creating, and what may be missing when.
 *
 * ```
 * lock                  held while a worker runs here
 * config.json           format, and the attested configuration of the cluster
 * simulated-tee/secret  32 random bytes: what stands in for a secret burnt into hardware
 * cluster.sealed        the cluster's key material, sealed by the enclave
 * log/entries           the ordered, sealed commands: the truth
 * snapshot-<height>     sealed state at a height
 * deltas                sealed changes since then
 * receipts, receipts.old  sealed replies by request
 * ```
 *
 * All but the lock and the configuration is opaque to this process. The operator can read
 * `simulated-tee/secret` and with it open everything else: that is why a simulated enclave is not
 * confidential. On real hardware that secret never leaves the processor.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ClusterConfig } from "#protocol/info.ts";
import { WorkerError } from "#worker/error.ts";
import {
  checkFits,
  checkUnchanged,
  encodeConfigFile,
  newConfig,
  parseConfigFile,
  type RequestedConfig,
} from "#worker/store/config.ts";
import { lock, type Lock } from "#worker/store/lock.ts";
import { makeDirectory } from "#worker/store/make-directory.ts";
import { readWhole, removeFile, writeWhole } from "#worker/store/whole-file.ts";

const SECRET_BYTES = 32;

/** Names of what the log can make again, and of their drafts. */
const DERIVED = /^(snapshot-\d+|deltas|receipts|receipts\.old)(\.tmp)?$/;

export class DataDirectory {
  readonly path: string;
  readonly config: ClusterConfig;
  readonly hardwareSecret: Uint8Array;
  readonly sealedCluster: Uint8Array | undefined;
  readonly #lock: Lock;

  private constructor(
    path: string,
    held: Lock,
    config: ClusterConfig,
    hardwareSecret: Uint8Array,
    sealedCluster: Uint8Array | undefined,
  ) {
    this.path = path;
    this.#lock = held;
    this.config = config;
    this.hardwareSecret = hardwareSecret;
    this.sealedCluster = sealedCluster;
  }

  /**
   * Opens a data directory, or creates one where there is nothing yet.
   *
   * @throws {@link WorkerError} `DATA_CREATE` if a file is in its way, or the system makes no directory there.
   * @throws {@link WorkerError} `DATA_LOCKED` while another worker uses it.
   * @throws {@link WorkerError} `DATA_FOREIGN` if it holds files that are no worker's.
   * @throws {@link WorkerError} `DATA_FORMAT` if a newer version wrote it.
   * @throws {@link WorkerError} `DATA_MISSING` or `DATA_DAMAGED` if a file is gone or broken.
   * @throws {@link WorkerError} `USAGE` if a configuration is asked for that is too large.
   * @throws {@link WorkerError} `DATA_CONFIG_FIXED` if it was created with another configuration.
   */
  static async open(path: string, requested: RequestedConfig): Promise<DataDirectory> {
    checkFits(requested);
    await makeDirectory(path);
    await refuseForeign(path);
    const held = lock(join(path, "lock"));
    try {
      const sealedCluster = await readWhole(join(path, "cluster.sealed"));
      const config = await openConfig(path, requested, sealedCluster !== undefined);
      for (const name of ["log", "simulated-tee"]) await makeDirectory(join(path, name));
      const secret = await openSecret(path, sealedCluster !== undefined);
      return new DataDirectory(path, held, config, secret, sealedCluster);
    } catch (error) {
      held.release();
      throw error;
    }
  }

  file(name: "log/entries" | "deltas"): string {
    return join(this.path, name);
  }

  /** @throws {@link WorkerError} `DATA_MISSING` if the log has entries but their keys are gone. */
  checkCluster(logHeight: number): void {
    if (this.sealedCluster !== undefined || logHeight === 0) return;
    throw new WorkerError("DATA_MISSING", { subject: join(this.path, "cluster.sealed") });
  }

  async storeSealedCluster(sealed: Uint8Array): Promise<void> {
    await writeWhole(join(this.path, "cluster.sealed"), sealed);
  }

  /** Removes all that the log can make again. @throws {@link WorkerError} `DATA_WRITE` if the disk refuses. */
  async removeDerived(): Promise<void> {
    for (const name of await readdir(this.path)) {
      if (DERIVED.test(name)) await removeFile(join(this.path, name));
    }
  }

  close(): void {
    this.#lock.release();
  }
}

/** A new cluster is only made where nothing else lives. */
async function refuseForeign(path: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    throw new WorkerError("DATA_READ", { subject: path, cause: error });
  }
  if (names.length === 0 || names.includes("config.json")) return;
  const ours = ["lock", "lock-journal", "config.json.tmp"];
  if (names.every((name) => ours.includes(name))) return;
  const remains = names.includes("simulated-tee") || names.includes("log");
  if (remains) throw new WorkerError("DATA_MISSING", { subject: join(path, "config.json") });
  throw new WorkerError("DATA_FOREIGN", { subject: path });
}

/** @param isFixed - A cluster exists. Until then a first start that failed may be tried with other flags. */
async function openConfig(
  path: string,
  requested: RequestedConfig,
  isFixed: boolean,
): Promise<ClusterConfig> {
  const file = join(path, "config.json");
  const bytes = await readWhole(file);
  const there = bytes === undefined ? newConfig({}) : parseConfigFile(file, bytes);
  if (bytes !== undefined && isFixed) {
    checkUnchanged(file, there, requested);
    return there;
  }
  const config = { ...there, ...requested };
  await writeWhole(file, encodeConfigFile(config));
  return config;
}

async function openSecret(path: string, isNeeded: boolean): Promise<Uint8Array> {
  const file = join(path, "simulated-tee", "secret");
  const bytes = await readWhole(file);
  if (bytes?.length === SECRET_BYTES) return bytes;
  if (bytes !== undefined) throw new WorkerError("DATA_DAMAGED", { subject: file });
  if (isNeeded) throw new WorkerError("DATA_MISSING", { subject: file });
  const secret = randomBytes(SECRET_BYTES);
  await writeWhole(file, secret);
  return secret;
}
