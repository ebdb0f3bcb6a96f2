/**
 * A worker whose evidence has been verified.
 *
 * @module
 */
import type { WorkerInfo } from "#protocol/info.ts";

export interface WorkerIdentity {
  readonly info: WorkerInfo;
  readonly simulated: boolean;
  /** Milliseconds of the client's monotonic clock when the info arrived. */
  readonly receivedAtMs: number;
}
