/**
 * `hermetic()`: lets tests import contracts as `contract:NAME`.
 *
 * Contracts are built in a thread of vitest's main process, where the compiler stays warm, whenever a
 * test that imports them runs.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Plugin } from "vitest/config";
import type { Vitest } from "vitest/node";
import { HermeticError } from "#sdk/client/errors/hermetic-error.ts";
import type { BuiltContract } from "#sdk/transform/artefact.ts";
import { BuildError } from "#sdk/transform/build-error.ts";
import { formatDiagnostic } from "#sdk/transform/diagnostic.ts";
import type { InsightRequest } from "#sdk/transform/insight.ts";
import type { UnitTests } from "#sdk/transform/unit-tests.ts";
import { Builds, contractBuilder, makeUnits } from "#sdk/testing/vitest/builds.ts";
import { compilerThread } from "#sdk/testing/vitest/compiler/compiler-thread.ts";
import { declareAny, declareContract, writeSetup } from "#sdk/testing/vitest/declarations.ts";
import { rememberProbes } from "#sdk/testing/insight/covered/report.ts";
import {
  countableContracts,
  coverageDefaults,
  requestOf,
} from "#sdk/testing/vitest/contract-coverage.ts";
import { InsightReporter } from "#sdk/testing/insight/reporter.ts";
import type { Standby } from "#sdk/testing/vitest/standby.ts";
import { isUnitFile, unitModuleText } from "#sdk/testing/vitest/unit-module.ts";
import { BuildWarnings } from "#sdk/testing/vitest/build-warnings.ts";
import { findContract, possibleFiles } from "#sdk/testing/vitest/find-contract.ts";

export interface HermeticOptions {
  /** Folders that hold contracts, or globs of their files; `contracts` if left out. */
  readonly contracts?: string | readonly string[];
}

const PREFIX = "contract:";
/** Rollup's convention: an id with a zero in front is nobody else's. */
const RESOLVED = `\0${PREFIX}`;

export function hermetic(options: HermeticOptions = {}): Plugin {
  const places = [options.contracts ?? "contracts"].flat();
  const warnings = new BuildWarnings();
  let counts = false;
  const builds = new Builds((file) => contractBuilder({ coverage: counts })(file));
  const units = new Builds(makeUnits);
  let root = process.cwd();
  let standby: Standby | undefined;
  return {
    name: "hermetic",
    enforce: "pre",
    config: async ({ root: own = root, test }) => {
      const setupFiles = [writeSetup(resolve(own))];
      const coverage = coverageDefaults(places, test?.coverage);
      if (test?.pool !== undefined) return { test: { setupFiles, coverage } };
      const { Standby } = await import("#sdk/testing/vitest/standby.ts");
      standby = new Standby();
      return { test: { setupFiles, coverage, pool: standby.pool } };
    },
    configResolved: (config) => {
      root = config.root;
      declareAny(root);
      compilerThread.start();
    },
    configureVitest: ({ vitest, defineCacheKeyGenerator }) => {
      const request = requestOf(vitest);
      counts = request.coverage === true;
      const reporter = addReporter(vitest, request);
      reporter?.cover(() => countableContracts(builds, root, places));
      warnings.sayBy((warning) => {
        if (request.quiet === true) reporter?.warn(warning);
        else vitest.logger.warn(`warning ${formatDiagnostic(warning)}\n`);
      });
      standby?.watch(vitest);
      // Vitest keeps transformed modules by their own text, and ours is made of other files.
      defineCacheKeyGenerator(({ id }) =>
        id.startsWith(RESOLVED) || isUnitFile(id) ? false : undefined,
      );
    },
    configureServer: ({ watcher }) => {
      for (const event of ["add", "change", "unlink"] as const) {
        watcher.on(event, (file: string) => {
          for (const each of [builds, units]) void each.changed(resolve(file));
        });
      }
    },
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    async load(id) {
      if (isUnitFile(id)) return await loadUnits(this, units, id);
      if (!id.startsWith(RESOLVED)) return undefined;
      const name = id.slice(RESOLVED.length);
      try {
        for (const file of possibleFiles(name, root, places)) this.addWatchFile(file);
        const file = findContract(name, root, places);
        this.addWatchFile(file);
        const contract = await builds.get(file);
        for (const source of contract.sources) this.addWatchFile(source);
        declareContract(root, name, contract);
        rememberProbes(contract.codeHash, contract.probes);
        warnings.tell(contract);
        return moduleText(contract);
      } catch (error) {
        return failingModule(this, error, `${PREFIX}${name} cannot be imported`);
      }
    },
  };
}

/** The part of Rollup's plugin context that is used here. */
interface Context {
  addWatchFile(file: string): void;
}

async function loadUnits(
  context: Context,
  units: Builds<UnitTests>,
  file: string,
): Promise<string> {
  try {
    const built = await units.get(file);
    for (const source of built.inputs.keys()) context.addWatchFile(source);
    return unitModuleText(built);
  } catch (error) {
    return failingModule(context, error, `${file} cannot be compiled`);
  }
}

/**
 * A module that shows the author's mistakes, and nothing of the plugin's own. It loads and then fails: of
 * one that does not load vitest knows no files, so tests that failed at first would not run again.
 */
function failingModule(context: Context, error: unknown, what: string): string {
  // The mistake may stand in a file that this one imports.
  if (error instanceof BuildError) {
    for (const source of error.inputs.keys()) context.addWatchFile(source);
  }
  if (!(error instanceof BuildError) && !(error instanceof HermeticError)) throw error;
  const message = JSON.stringify(`${what}\n\n${error.message}`);
  return `throw Object.assign(new Error(${message}), { stack: "" });\n`;
}

/** Projects of one run share its reporters. */
function addReporter({ config }: Vitest, request: InsightRequest): InsightReporter | undefined {
  if (Object.keys(request).length === 0) return undefined;
  const { reporters } = config;
  const there = reporters.find((reporter) => reporter instanceof InsightReporter);
  const reporter = there ?? new InsightReporter(request);
  if (there === undefined) reporters.push(reporter);
  return reporter;
}

function moduleText({ name, wasm, abi, codeHash, map, probes, entry }: BuiltContract): string {
  const base64 = Buffer.from(wasm).toString("base64");
  return `export default {
  name: ${JSON.stringify(name)},
  wasm: Uint8Array.fromBase64(${JSON.stringify(base64)}),
  abi: ${JSON.stringify(abi)},
  codeHash: ${JSON.stringify(codeHash)},
  map: ${JSON.stringify(map)},
  probes: ${JSON.stringify(probes)},
  file: ${JSON.stringify(entry)},
};
`;
}
