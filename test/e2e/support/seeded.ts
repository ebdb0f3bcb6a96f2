/**
 * Random choices that can be repeated: the seed is printed, and taken from `E2E_SEED` if that is set.
 *
 * @module
 */
import { createHash, randomInt } from "node:crypto";
import { env } from "node:process";

export interface Seeded {
  /** A whole number from 0, below `limit`. */
  below(limit: number): number;
}

export function seeded(): Seeded {
  const seed = env["E2E_SEED"] ?? String(randomInt(1e9));
  console.info(`seed: E2E_SEED=${seed}`);
  let count = 0;
  return {
    below(limit) {
      const digest = createHash("sha256").update(`${seed} ${count++}`).digest();
      return digest.readUInt32BE() % limit;
    },
  };
}
