/**
 * What the plugin does for the coverage of contracts: what vitest's own leaves to it, and what no test touched.
 *
 * @module
 */
import type { CoverageOptions, Vitest } from "vitest/node";
import { rememberProbes } from "#sdk/testing/insight/covered/report.ts";
import type { ContractsToCount } from "#sdk/testing/insight/reporter.ts";
import type { Builds } from "#sdk/testing/vitest/builds.ts";
import { contractsIn } from "#sdk/testing/vitest/find-contract.ts";
import { insightRequest, INSIGHT_VARIABLE, type InsightRequest } from "#sdk/transform/insight.ts";

/** Vitest's own, and the file that most tools read. */
const REPORTERS = ["text", "html", "clover", "json", "lcovonly"] as const;

/** Contracts are not JavaScript: vitest's provider is told to pass them over. */
export function coverageDefaults(
  places: readonly string[],
  own: { readonly reporter?: unknown } | undefined,
): CoverageOptions {
  const exclude = places.map((place) => (/\*|\.ts$/.test(place) ? place : `${place}/**`));
  return { exclude, ...(own?.reporter === undefined ? { reporter: [...REPORTERS] } : {}) };
}

/**
 * What this run is asked to look into. Vitest's own `--coverage` asks for contracts too, unless gas is
 * wanted, which counting would change; the processes that run tests are told.
 */
export function requestOf({ config }: Vitest): InsightRequest {
  const request = insightRequest(process.env);
  const { gas, gasCheck, gasSave, profile, coverage } = request;
  const wantsGas = gas ?? gasCheck ?? gasSave ?? profile ?? false;
  if (!config.coverage.enabled || wantsGas || coverage === true) return request;
  const wider = { ...request, coverage: true };
  process.env[INSIGHT_VARIABLE] = JSON.stringify(wider);
  return wider;
}

/** Every contract of a project, also those that no test imports. */
export async function countableContracts(
  builds: Builds,
  root: string,
  places: readonly string[],
): Promise<ContractsToCount> {
  const zeros: Record<string, readonly number[]> = {};
  const unbuilt: string[] = [];
  for (const { file } of contractsIn(root, places)) {
    try {
      const { codeHash, probes } = await builds.get(file);
      rememberProbes(codeHash, probes);
      zeros[codeHash] = Array.from({ length: probes?.count ?? 0 }, () => 0);
    } catch {
      unbuilt.push(file); // whoever imports it is shown why
    }
  }
  return { zeros, unbuilt };
}
