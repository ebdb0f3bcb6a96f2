/**
 * What a process that runs tests has found, on its way to vitest's main process.
 *
 * It travels as metadata of the test that was running, so that watch mode, filters and retries count
 * what they ran and nothing else.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import type { CallNode } from "#sdk/testing/insight/call-tree.ts";
import { traceLines } from "#sdk/testing/insight/trace-lines.ts";
import { insightRequest, type InsightRequest } from "#sdk/transform/insight.ts";

/** Plain data: it is cloned from process to process. */
export interface Findings {
  /** Contract, method and gas of each call. */
  readonly gas: readonly (readonly [contract: string, method: string, gasUsed: number])[];
  /** Lines of each chain of calls. */
  readonly traces: readonly (readonly string[])[];
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

const TRACED = 2;
const WITH_STEPS = 4;
const { traceLevel = 0 } = request;

/** Whether uses of host functions are wanted. */
export const keepsSteps: boolean = traceLevel >= WITH_STEPS;

let gas: (readonly [contract: string, method: string, gasUsed: number])[] = [];
/** Written when they are taken: a contract gets its name after the call that made it. */
let traces: (() => readonly string[])[] = [];

export function foundGas(contract: string, method: string, gasUsed: number): void {
  if (isAsked) gas.push([contract, method, gasUsed]);
}

/** @param abiOf - The interface of a contract that is known. */
export function foundCall(root: CallNode, abiOf: (address: Account) => Abi | undefined): void {
  if (traceLevel < TRACED) return;
  traces.push(() => traceLines(root, { level: traceLevel, abiOf }));
}

/** Hands over what was found since it was last asked, behind what a test has already. */
export function takeFindings(before: Findings | undefined): Findings | undefined {
  if (!isAsked) return before;
  const taken = {
    gas: [...(before?.gas ?? []), ...gas],
    traces: [...(before?.traces ?? []), ...traces.map((write) => write())],
  };
  gas = [];
  traces = [];
  return taken;
}
