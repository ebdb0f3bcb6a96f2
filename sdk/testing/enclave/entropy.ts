/**
 * Unpredictable bytes, as on a worker: a world's keys are its own.
 *
 * @module
 */
import { randomFillSync } from "node:crypto";
import type { Entropy } from "#crypto/primitives.ts";

export const randomBytes: Entropy = (length) => randomFillSync(new Uint8Array(length));
