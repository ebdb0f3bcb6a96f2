/**
 * Stacks as a file for speedscope, and for whatever reads its format.
 *
 * Source: speedscope's `file-format-schema.json`, "SampledProfile".
 *
 * @module
 */
import type { Stacks } from "#sdk/testing/insight/profile/stacks.ts";

export function speedscopeText(stacks: Stacks): string {
  const names = [...new Set(Object.keys(stacks).flatMap((stack) => stack.split(";")))];
  const indexes = new Map(names.map((name, index) => [name, index]));
  const weights = Object.values(stacks);
  const profile = {
    type: "sampled",
    name: "gas",
    unit: "none",
    startValue: 0,
    endValue: weights.reduce((sum, gas) => sum + gas, 0),
    samples: Object.keys(stacks).map((stack) => stack.split(";").map((name) => indexes.get(name))),
    weights,
  };
  const file = {
    $schema: "https://www.speedscope.app/file-format-schema.json",
    shared: { frames: names.map((name) => ({ name })) },
    profiles: [profile],
    name: "Gas of contracts",
    exporter: "hermetic",
  };
  return `${JSON.stringify(file)}\n`;
}
