/**
 * Drives the AssemblyScript compiler through its programming interface.
 *
 * Its command line, run in process, ends the whole process when it crashes, reads `asconfig.json`
 * from wherever it stands and formats its diagnostics; this does none of that.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { version } from "assemblyscript/asc";
import type { Abi } from "#protocol/abi.ts";
import type { HttpGrant } from "#protocol/http-grant.ts";
import { BuildError } from "./build-error.ts";
import { ContractTransform } from "./contract-transform.ts";
import { counterBytes, type ProbeMap } from "./probes/probe-map.ts";
import { bisect, type Culprit } from "./crash.ts";
import type { BuildDiagnostic } from "./diagnostic.ts";
import { diagnosticsOf, throwIfAny, throwIfForeign } from "./failures.ts";
import type { FunctionTable } from "./function-names.ts";
import type { FunctionSpan } from "./function-span.ts";
import { foreignImports } from "./import-check.ts";
import { optimise } from "./optimise.ts";
import { parseImports, parseProgram } from "./parsing.ts";
import type { SourceFiles } from "./source-files.ts";
import { TracingCompiler } from "./tracing-compiler.ts";
import { withoutCustomSections } from "./wasm-sections.ts";
import type { World } from "./world.ts";

export const COMPILER = `assemblyscript ${version}`;

export interface Compiled {
  readonly core: Uint8Array;
  readonly map: string;
  readonly functions: FunctionTable;
  readonly spans: readonly FunctionSpan[];
  /** Of a coverage build. */
  readonly probes: ProbeMap | undefined;
  readonly abi: Abi;
  readonly warnings: readonly BuildDiagnostic[];
  /** What the contract may ask of the outside world. */
  readonly grants: readonly HttpGrant[];
}

/**
 * Compiles one contract to a core module.
 *
 * @param entry - Path of the contract's file inside the program.
 * @throws {@link BuildError} with everything that is wrong.
 */
export async function compile(
  entry: string,
  files: SourceFiles,
  world: World,
  { covers = false }: { readonly covers?: boolean } = {},
): Promise<Compiled> {
  const compilation = new Compilation(entry, files, world, { covers });
  try {
    return await compilation.run();
  } catch (error) {
    if (error instanceof BuildError) throw error;
    throwIfForeign(files);
    const text = error instanceof Error ? error.message : String(error);
    const culprit = await culpritOf(compilation, entry, files, world);
    const message =
      culprit === undefined
        ? `the compiler failed on ${entry}: ${text}`
        : `the compiler failed on the method '${culprit.name}': ${text}`;
    const problem = { code: "HRM3008", message, range: culprit?.range ?? null } as const;
    throw new BuildError(diagnosticsOf([problem], files), { cause: error });
  }
}

/** The method that the compiler fails on. */
async function culpritOf(
  failed: Compilation,
  entry: string,
  files: SourceFiles,
  world: World,
): Promise<Culprit | undefined> {
  const { methods } = failed;
  const found = await bisect(methods.length, async (kept) => {
    try {
      await new Compilation(entry, files.again(), world, { kept }).run();
      return false;
    } catch (error) {
      return !(error instanceof BuildError);
    }
  });
  return found === undefined ? undefined : methods[found];
}

interface How {
  /** Whether it counts what runs. */
  readonly covers?: boolean;
  /** The methods that keep their bodies, by number; all of them if left out. */
  readonly kept?: ReadonlySet<number>;
}

class Compilation {
  readonly #entry: string;
  readonly #files: SourceFiles;
  readonly #world: World;
  readonly #program: asc.Program = asc.newProgram(options());
  readonly #transform: ContractTransform;
  /** What the compiler warns of. */
  readonly #warnings: BuildDiagnostic[] = [];

  constructor(entry: string, files: SourceFiles, world: World, { covers = false, kept }: How) {
    this.#entry = entry;
    this.#files = files;
    this.#world = world;
    this.#transform = new ContractTransform(this.#program, {
      entry: entry.replace(/\.ts$/, ""),
      world,
      isAuthored: (path) => files.isAuthoredPath(path),
      covers,
      kept,
    });
  }

  /** The contract's methods, if it got that far. */
  get methods(): readonly Culprit[] {
    return this.#transform.methods;
  }

  async run(): Promise<Compiled> {
    const transform = this.#transform;
    await this.#parse();
    transform.afterParse();
    this.#check();
    await parseImports(this.#program, this.#files);
    this.#check();
    transform.beforeInitialize();
    asc.initializeProgram(this.#program);
    this.#check();
    transform.afterInitialize();
    this.#check();
    const { probes } = transform;
    if (probes) asc.setMemoryBase(this.#program.options, counterBytes(probes.count));
    const module = new TracingCompiler(this.#program).compile();
    this.#check();
    const { core, map, imports, functions } = optimise(module, transform.functionsKeptApart());
    transform.problems.push(...foreignImports(imports, this.#world, transform.authored()));
    this.#check();
    const { abi, contract, spans } = transform;
    if (!abi || !contract) throw new Error("a contract without an ABI");
    const warnings = [...diagnosticsOf(transform.warnings, this.#files), ...this.#warnings];
    const { grants } = contract;
    return {
      core: withoutCustomSections(core),
      map,
      functions,
      spans,
      probes,
      abi,
      grants,
      warnings,
    };
  }

  #check(): void {
    this.#warnings.push(...throwIfAny(this.#program, this.#transform.problems, this.#files));
  }

  async #parse(): Promise<void> {
    this.#check();
    await parseProgram(this.#program, this.#entry, this.#files);
    this.#check();
  }
}

function options(): asc.Options {
  const made = asc.newOptions();
  asc.setRuntime(made, asc.Runtime.Stub);
  asc.setExportMemory(made, true);
  asc.setExportStart(made, "_initialize");
  asc.setSourceMap(made, true);
  asc.setOptimizeLevelHints(made, 3, 0);
  asc.addGlobalAlias(made, "abort", "~lib/hermetic/contract/abort/abort");
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  asc.setBundleVersion(made, major, minor, patch);
  return made;
}
