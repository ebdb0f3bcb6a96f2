/**
 * `config.json`: what a data directory was created with, and the format it is in.
 *
 * The configuration is attested: it is fixed when the cluster is created, and a start that asks for
 * another one is refused instead of being ignored.
 *
 * @module
 */
import { encodeConfig, parseConfig, type ClusterConfig } from "#protocol/info.ts";
import {
  EGRESS_GRANT_LENGTH_MAX,
  EGRESS_GRANTS_MAX,
  EXTRA_ROOT_LENGTH_MAX,
  EXTRA_ROOTS_MAX,
  MEMORY_PAGES_MAX,
} from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";
import { WorkerError } from "#worker/error.ts";

/** Layout of the directory and of all files in it. */
const DATA_FORMAT = 1;

/** What the command line may set; what is absent is whatever the directory was created with. */
export interface RequestedConfig {
  readonly egressGrants?: readonly string[];
  readonly extraRoots?: readonly string[];
}

export function newConfig(requested: RequestedConfig): ClusterConfig {
  const { egressGrants = [], extraRoots = [] } = requested;
  return { egressGrants, extraRoots, memoryPagesMax: MEMORY_PAGES_MAX };
}

export function encodeConfigFile(config: ClusterConfig): Uint8Array {
  return Buffer.from(`${JSON.stringify({ format: DATA_FORMAT, config }, undefined, 2)}\n`);
}

/**
 * Reads `config.json`.
 *
 * @param path - For the error only.
 * @throws {@link WorkerError} `DATA_FORMAT` if a newer version wrote it.
 * @throws {@link WorkerError} `DATA_DAMAGED` for any other shape.
 */
export function parseConfigFile(path: string, bytes: Uint8Array): ClusterConfig {
  const damaged = new WorkerError("DATA_DAMAGED", { subject: path });
  let untrusted: unknown;
  try {
    untrusted = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw damaged;
  }
  const file = Object(untrusted) as { format?: unknown; config?: unknown };
  if (typeof file.format !== "number") throw damaged;
  if (file.format !== DATA_FORMAT) {
    throw new WorkerError("DATA_FORMAT", { subject: path, facts: { version: file.format } });
  }
  const config = Object(file.config) as Partial<Record<keyof ClusterConfig, unknown>>;
  const { egressGrants, extraRoots, memoryPagesMax } = config;
  if (!isTextList(egressGrants) || !isTextList(extraRoots)) throw damaged;
  if (typeof memoryPagesMax !== "number") throw damaged;
  const there = { egressGrants, extraRoots, memoryPagesMax };
  if (!fits(there)) throw damaged;
  return there;
}

/** Whether an enclave would read it: one that cannot read its first message has no words for that. */
function fits(config: ClusterConfig): boolean {
  try {
    parseConfig(Fields.parse(encodeConfig(config), "MESSAGE_MALFORMED"));
    return true;
  } catch {
    return false;
  }
}

/** @throws {@link WorkerError} `USAGE` if more is asked for than a configuration can hold. */
export function checkFits(asked: RequestedConfig): void {
  if (fits(newConfig(asked))) return;
  const grants = `${EGRESS_GRANTS_MAX} egress grants of ${EGRESS_GRANT_LENGTH_MAX} characters`;
  const roots = `${EXTRA_ROOTS_MAX} extra roots of ${EXTRA_ROOT_LENGTH_MAX}`;
  throw new WorkerError("USAGE", { subject: `a cluster has at most ${grants} and ${roots}` });
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** @throws {@link WorkerError} `DATA_CONFIG_FIXED` if something else is asked for than is there. */
export function checkUnchanged(path: string, there: ClusterConfig, asked: RequestedConfig): void {
  const same = (a: readonly string[], b: readonly string[] = a) => {
    return a.length === b.length && a.every((item, at) => item === b[at]);
  };
  if (same(there.egressGrants, asked.egressGrants) && same(there.extraRoots, asked.extraRoots)) {
    return;
  }
  throw new WorkerError("DATA_CONFIG_FIXED", { subject: path });
}
