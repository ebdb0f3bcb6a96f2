/**
 * HRM4NNN: failures of the worker process and the command.
 *
 * @module
 */
import type { Explanation } from "#sdk/client/explain/explanation.ts";

export const workerTable: Readonly<Record<string, Explanation>> = {};
