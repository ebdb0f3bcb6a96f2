/**
 * What a process that runs tests has found, on its way to vitest's main process.
 *
 * It travels as metadata of the test that was running, so that watch mode, filters and retries count
 * what they ran and nothing else.
 *
 * @module
 */
import { insightRequest, type InsightRequest } from "#sdk/transform/insight.ts";

/** Plain data: it is cloned from process to process. */
export interface Findings {
  /** Contract, method and gas of each call. */
  readonly gas: (readonly [contract: string, method: string, gasUsed: number])[];
}

declare module "vitest" {
  interface TaskMeta {
    /** What the contracts that it called have shown. */
    hermetic?: Findings;
  }
}

export const request: InsightRequest = insightRequest(process.env);

/** Whether anything is to be found out: else nothing is kept. */
export const isAsked: boolean = Object.keys(request).length > 0;

let found: Findings = { gas: [] };

export function foundGas(contract: string, method: string, gasUsed: number): void {
  if (isAsked) found.gas.push([contract, method, gasUsed]);
}

/** Hands over what was found since it was last asked, with what a test has already. */
export function takeFindings(before: Findings | undefined): Findings | undefined {
  if (!isAsked) return before;
  const taken = before === undefined ? found : { gas: [...before.gas, ...found.gas] };
  found = { gas: [] };
  return taken;
}
