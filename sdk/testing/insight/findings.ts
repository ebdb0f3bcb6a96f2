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
import { toHex } from "#protocol/bytes.ts";
import type { BuiltArtefact } from "#sdk/testing/artefact.ts";
import { callsBelow, type CallNode } from "#sdk/testing/insight/call-tree.ts";
import { addCounters, type Counters } from "#sdk/testing/insight/covered/file-coverage.ts";
import { profiledCall } from "#sdk/testing/insight/profile/profiled-call.ts";
import { addStacks, sumOfStacks, type Stacks } from "#sdk/testing/insight/profile/stacks.ts";
import { traceLines } from "#sdk/testing/insight/trace-lines.ts";
import { insightRequest, type InsightRequest } from "#sdk/transform/insight.ts";

/** Plain data: it is cloned from process to process. */
export interface Findings {
  /** Contract, method and gas of each call. */
  readonly gas: readonly (readonly [contract: string, method: string, gasUsed: number])[];
  /** Lines of each chain of calls. */
  readonly traces: readonly (readonly string[])[];
  /** What ran of the contracts. */
  readonly coverage: Counters;
  /** Gas by stack of functions. */
  readonly stacks: Stacks;
  /** Checks of gas that were passed over. */
  readonly gasChecks: number;
}

declare module "vitest" {
  interface TaskMeta {
    /** What the contracts that it called have shown. */
    hermetic?: Findings;
  }
}

const request: InsightRequest = insightRequest(process.env);

/** Whether anything is to be found out: else nothing is kept. */
const isAsked: boolean = Object.keys(request).some((key) => !/^(quiet|resultFile)$/.test(key));

const TRACED = 2;
const WITH_STEPS = 4;
const { traceLevel = 0 } = request;

/** Whether uses of host functions are wanted. */
export const keepsSteps: boolean = traceLevel >= WITH_STEPS;

let gas: (readonly [contract: string, method: string, gasUsed: number])[] = [];
/** Written when they are taken: a contract gets its address after the call that made it. */
let traces: (() => readonly string[])[] = [];
let counted: (() => Counters)[] = [];
let profiled: (() => Stacks)[] = [];
let gasChecks = 0;
let counters = 0;

/** Whether contracts are built to count what runs, and so cost other gas. */
export const isCounting: boolean = request.coverage === true;

/** Whether the gas of each function is wanted. */
export const isProfiling: boolean = request.profile === true;

/** A contract is about to be used. */
export function foundArtefact({ probes }: BuiltArtefact): void {
  counters = Math.max(counters, probes?.count ?? 0);
}

/** How many counters the contracts that were used so far have at most. */
export function counterCount(): number {
  return counters;
}

/** A check of gas was passed over, because a coverage build costs other gas. */
export function foundGasCheck(): void {
  gasChecks++;
}

export function foundGas(contract: string, method: string, gasUsed: number): void {
  if (isAsked) gas.push([contract, method, gasUsed]);
}

/** @param artefactOf - The code at an address, if it is known. */
export function foundCall(
  root: CallNode,
  artefactOf: (address: Account) => BuiltArtefact | undefined,
): void {
  if (traceLevel >= TRACED) {
    const abiOf = (address: Account): Abi | undefined => artefactOf(address)?.abi;
    traces.push(() => traceLines(root, { level: traceLevel, abiOf }));
  }
  if (isProfiling) {
    profiled.push(() => {
      const stacks: Record<string, number> = {};
      addStacks(profiledCall(root, artefactOf), stacks);
      return stacks;
    });
  }
  if (!isCounting) return;
  for (const call of [root, ...callsBelow(root)]) {
    counted.push(() => {
      const { codeHash, probes } = artefactOf(toHex(call.contract)) ?? {};
      if (codeHash === undefined || probes === undefined) return {};
      return { [codeHash]: call.counters.slice(0, probes.count) };
    });
  }
}

/** Hands over what was found since it was last asked, behind what a test has already. */
export function takeFindings(before: Findings | undefined): Findings | undefined {
  if (!isAsked) return before;
  const taken = {
    gas: [...(before?.gas ?? []), ...gas],
    traces: [...(before?.traces ?? []), ...traces.map((write) => write())],
    coverage: addCounters([before?.coverage ?? {}, ...counted.map((read) => read())]),
    stacks: sumOfStacks([before?.stacks ?? {}, ...profiled.map((read) => read())]),
    gasChecks: (before?.gasChecks ?? 0) + gasChecks,
  };
  gas = [];
  traces = [];
  counted = [];
  profiled = [];
  gasChecks = 0;
  return taken;
}
