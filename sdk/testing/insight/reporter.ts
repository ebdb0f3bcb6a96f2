/**
 * Tells, at the end of a run, what its tests have shown of their contracts.
 *
 * It stands beside the project's own reporters, in vitest's main process.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Reporter, TestCase, TestModule, TestRunEndReason, Vitest } from "vitest/node";
import { GasTable } from "#sdk/testing/contract/gas.ts";
import {
  summaryOf,
  type Counters,
  type FileCoverage,
} from "#sdk/testing/insight/covered/file-coverage.ts";
import { istanbulCoverage, type IstanbulCoverage } from "#sdk/testing/insight/covered/istanbul.ts";
import { coverageLines, coverageOf, writeCoverage } from "#sdk/testing/insight/covered/report.ts";
import type { Findings } from "#sdk/testing/insight/findings.ts";
import { compareGas, saveGas } from "#sdk/testing/insight/gas-file.ts";
import { comparisonLines, gasLines } from "#sdk/testing/insight/gas-lines.ts";
import { flameGraph } from "#sdk/testing/insight/profile/flame-graph.ts";
import { speedscopeText } from "#sdk/testing/insight/profile/speedscope.ts";
import { sumOfStacks, type Stacks } from "#sdk/testing/insight/profile/stacks.ts";
import type { BuildDiagnostic } from "#sdk/transform/diagnostic.ts";
import type { GasRow, InsightRequest, InsightResult } from "#sdk/transform/insight.ts";

const PROFILE_DIRECTORY = "profile";
const GAS_FILE = "gas.json";
/** Gas depends on arguments, and tests may draw them. */
const GAS_TOLERANCE = 1;

/** The contracts of a project, as far as they build. */
export interface ContractsToCount {
  /** Their counters, before anything ran. */
  readonly zeros: Counters;
  /** Files that do not build. */
  readonly unbuilt: readonly string[];
}

type Countable = () => Promise<ContractsToCount>;

export class InsightReporter implements Reporter {
  readonly #request: InsightRequest;
  #vitest: Vitest | undefined;
  readonly #countable: Countable[] = [];
  readonly #warnings: BuildDiagnostic[] = [];

  constructor(request: InsightRequest) {
    this.#request = request;
  }

  /** Adds the contracts of a project to what coverage is told of. */
  cover(countable: Countable): void {
    this.#countable.push(countable);
  }

  /** Puts what a contract is warned of into the result. */
  warn(warning: BuildDiagnostic): void {
    this.#warnings.push(warning);
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  /** Behind the line that the verbose reporter writes of the test. */
  onTestCaseResult(test: TestCase): void {
    const { traces = [] } = test.meta().hermetic ?? {};
    for (const line of traces.flat()) this.#vitest?.logger.log(`     ${line}`);
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    _errors: readonly unknown[],
    reason: TestRunEndReason,
  ): Promise<void> {
    const findings = modules.flatMap(findingsOf);
    const { gas, gasCheck, gasSave, resultFile } = this.#request;
    let result: InsightResult = { isPassed: reason === "passed", warnings: this.#warnings };
    if (gas === true || gasCheck === true || gasSave === true) {
      result = { ...result, ...this.#gas(gasRows(findings)) };
    }
    if (this.#request.coverage === true) {
      const { files, unbuilt } = await this.#covered(findings);
      result = { ...result, coverage: summaryOf(files) };
      const gasChecks = findings.reduce((sum, each) => sum + each.gasChecks, 0);
      this.#coverage(files, unbuilt, gasChecks);
    }
    if (this.#request.profile === true) {
      this.#profile(sumOfStacks(findings.map(({ stacks }) => stacks)));
    }
    if (resultFile !== undefined) writeFileSync(resultFile, JSON.stringify(result));
  }

  #gas(rows: readonly GasRow[]): Omit<InsightResult, "isPassed"> {
    const { gas = false, gasCheck = false, gasSave = false, gasFile = GAS_FILE } = this.#request;
    const { gasTolerance = GAS_TOLERANCE } = this.#request;
    const root = this.#vitest?.config.root ?? process.cwd();
    const file = resolve(root, gasFile);
    const name = relative(process.cwd(), file);
    if (gas) this.#say("Gas of calls, by contract and method", gasLines(rows));
    if (gasSave) {
      saveGas(file, rows);
      this.#say(`Gas is saved in ${name}`);
    }
    if (!gasCheck) return { gas: rows };
    const comparison = compareGas(file, name, rows, gasTolerance);
    this.#say("Gas, compared", comparisonLines(comparison, name, gasTolerance));
    if (comparison.problem !== undefined || comparison.dearer.length > 0) process.exitCode = 1;
    return { gas: rows, gasCheck: comparison };
  }

  /** Vitest's own coverage, before it is reported: contracts become a part of it. */
  async onCoverage(coverage: unknown): Promise<void> {
    if (this.#request.coverage !== true) return;
    const map = coverage as { readonly merge?: (files: IstanbulCoverage) => void };
    // It comes before the end of the run is told.
    const modules = this.#vitest?.state.getTestModules() ?? [];
    const { files } = await this.#covered(modules.flatMap(findingsOf));
    map.merge?.(istanbulCoverage(files));
  }

  /** What ran, and what nobody called. */
  async #covered(
    findings: readonly Findings[],
  ): Promise<{ readonly files: readonly FileCoverage[]; readonly unbuilt: readonly string[] }> {
    const contracts = await Promise.all(this.#countable.map((contractsOf) => contractsOf()));
    const ran = findings.map(({ coverage }) => coverage);
    return {
      files: coverageOf([...ran, ...contracts.map(({ zeros }) => zeros)]),
      unbuilt: contracts.flatMap((each) => each.unbuilt),
    };
  }

  #profile(stacks: Stacks): void {
    const directory = resolve(this.#vitest?.config.root ?? process.cwd(), PROFILE_DIRECTORY);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "gas.svg"), flameGraph(stacks));
    writeFileSync(join(directory, "gas.speedscope.json"), speedscopeText(stacks));
    const name = relative(process.cwd(), directory);
    this.#say(`Gas by function is in ${name}/gas.svg and ${name}/gas.speedscope.json`);
  }

  #coverage(files: readonly FileCoverage[], unbuilt: readonly string[], gasChecks: number): void {
    const config = this.#vitest?.config;
    const root = config?.root ?? process.cwd();
    const isMerged = config?.coverage.enabled === true;
    if (!isMerged) this.#say("Coverage of contracts", coverageLines(files, root));
    for (const file of unbuilt) {
      this.#say(`${relative(root, file)} does not build, and is not counted`);
    }
    if (gasChecks > 0) {
      this.#say(`${gasChecks} checks of gas were passed over: a build that counts costs other gas`);
    }
    if (isMerged) return;
    const directory = resolve(root, config?.coverage.reportsDirectory ?? "coverage");
    writeCoverage(files, directory, root);
    this.#say(`lcov.info and index.html are in ${relative(process.cwd(), directory)}`);
  }

  #say(title: string, lines: readonly string[] = []): void {
    const text = ["", ` ${title}`, ...lines.map((line) => `   ${line}`)].join("\n");
    this.#vitest?.logger.log(text);
  }
}

function findingsOf(module: TestModule): Findings[] {
  return [...module.children.allTests()]
    .map((test) => test.meta().hermetic)
    .filter((findings) => findings !== undefined);
}

function gasRows(findings: readonly Findings[]): readonly GasRow[] {
  const table = new GasTable();
  for (const { gas } of findings) for (const call of gas) table.record(...call);
  return table.rows();
}
