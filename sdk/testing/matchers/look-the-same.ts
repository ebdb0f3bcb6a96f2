/**
 * `toLookTheSame`: an operator must not be able to tell two secrets apart.
 *
 * @module
 */
import type { MatcherState } from "vitest";
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import type { Verdict } from "#sdk/testing/matchers/matcher.ts";
import type { Needle } from "#sdk/testing/operator/needle.ts";
import { appearanceOf, differences } from "#sdk/testing/secrecy/appearance.ts";
import { SecretPair } from "#sdk/testing/secrecy/secret-pair.ts";
import type { World } from "#sdk/testing/world.ts";

/** Gas of equal calls may differ by a twentieth: what a contract does with other digits, not another way. */
const GAS_TOLERANCE = 0.05;
const SHOWN_MAX = 12;

export async function toLookTheSame(
  this: MatcherState,
  received: unknown,
  { gasTolerance = GAS_TOLERANCE }: { readonly gasTolerance?: number } = {},
): Promise<Verdict> {
  if (!(received instanceof SecretPair)) {
    throw kitError("MATCHER_MISUSED", "toLookTheSame needs a secretPair");
  }
  const worlds = await received.worlds();
  const [one, other] = worlds.map(appearanceOf);
  if (one === undefined || other === undefined) throw new Error("a pair without two worlds");
  const told = [
    ...worlds.flatMap((world, i) => sightings(world, received.secrets[i], i)),
    ...differences(one, other, gasTolerance),
  ];
  const more = told.length > SHOWN_MAX ? [`and ${told.length - SHOWN_MAX} more`] : [];
  const lines = [...told.slice(0, SHOWN_MAX), ...more].map((line) => `  ${line}`);
  return {
    pass: told.length === 0,
    message: () =>
      told.length === 0
        ? "expected the secrets to be told apart by an operator, but they look the same"
        : `expected the secrets to look the same to an operator, but\n${lines.join("\n")}`,
  };
}

/** A secret that can be read outright. Short ones are left out: chance would find them. */
function sightings(world: World, secret: unknown, index: number): string[] {
  const isNeedle = ["string", "number", "bigint"].includes(typeof secret);
  if (!isNeedle && !(secret instanceof Uint8Array)) return [];
  try {
    const found = world.operatorView().find(secret as Needle);
    const which = index === 0 ? "first" : "second";
    return found ? [`the ${which} secret can be read in ${found.where}, as ${found.form}`] : [];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
