/**
 * HRM15NN: what the enclave found wrong with the operator's data.
 *
 * @module
 */
import type { FaultCode } from "#protocol/faults.ts";
import type { Explanation } from "#sdk/client/explain/explanation.ts";

const BACKUP = "Stop the worker and restore the data directory from the newest whole copy.";
const REBUILD = "Start the worker with --rebuild, which replays the whole log.";

export const sealTable = {
  SEAL_STALE: {
    title: "A sealed blob is older than it should be",
    why: "A part of the data directory was put back to an earlier state.",
    fix: BACKUP,
  },
  SEAL_BROKEN: {
    title: "A sealed blob was altered, or belongs to something else",
    why: "Its seal does not open: the disk is damaged, somebody changed it, or it is of another cluster or machine.",
    fix: `${REBUILD} If that fails too, ${BACKUP.toLowerCase()}`,
  },
  SEAL_MISSING: {
    title: "A sealed blob is missing",
    why: "A snapshot or delta that should be there is not.",
    fix: REBUILD,
  },
  SEAL_VERSION: {
    title: "A sealed blob has another format version",
    why: "It was written by another version of hermetic.",
    fix: "Run the version that wrote it, or rebuild from the log.",
  },
  LOG_TRUNCATED: {
    title: "The log ends too early",
    why: "Entries that the enclave knows of are gone.",
    fix: BACKUP,
  },
  LOG_ENTRY_BROKEN: {
    title: "A log entry was altered",
    why: "It was not made by an enclave of this cluster, or stands at the wrong height.",
    fix: BACKUP,
  },
  LOG_DIVERGED: {
    title: "Replaying the log gave another state",
    why: "The log was changed, or an enclave computed wrongly.",
    fix: "Keep the data directory as it is and report the defect; restore another copy to go on.",
  },
} as const satisfies Partial<Record<FaultCode, Explanation>>;
