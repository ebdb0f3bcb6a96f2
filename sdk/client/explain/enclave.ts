/**
 * HRM1NNN: faults of the enclave. The type demands an entry for every fault there is.
 *
 * @module
 */
import type { FaultCode } from "#protocol/faults.ts";
import { executionTable } from "#sdk/client/explain/execution.ts";
import type { Explanation } from "#sdk/client/explain/explanation.ts";
import { moduleTable } from "#sdk/client/explain/module.ts";
import { sealTable } from "#sdk/client/explain/seal.ts";
import { sessionTable } from "#sdk/client/explain/session.ts";

export const enclaveTable: Readonly<Record<FaultCode, Explanation>> = {
  ...sessionTable,
  ...executionTable,
  ...moduleTable,
  ...sealTable,
};
