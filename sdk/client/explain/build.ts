/**
 * HRM3NNN: failures of building and checking contracts.
 *
 * @module
 */
import type { Explanation } from "#sdk/client/explain/explanation.ts";

export const buildTable: Readonly<Record<string, Explanation>> = {};
