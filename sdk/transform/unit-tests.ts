/**
 * Compiles unit tests that are written in the contracts' own language, for code that needs no host.
 *
 * Every exported function without parameters is a test: it passes if it returns, and fails by `assert`
 * or a trap. Nothing is inlined or left out, so that a failure is found where it was written.
 *
 * @module
 */
import { basename, dirname, resolve } from "node:path";
import * as asc from "assemblyscript";
import binaryen from "assemblyscript/binaryen";
import { BuildError } from "./build-error.ts";
import { diagnosticOf } from "./diagnostic.ts";
import { throwIfAny } from "./failures.ts";
import { inputsOf, type BuildInputs } from "./inputs.ts";
import { importsOf } from "./optimise.ts";
import { findPackageRoot } from "./package-root.ts";
import { parseProgram } from "./parsing.ts";
import { SourceFiles } from "./source-files.ts";
import { TracingCompiler } from "./tracing-compiler.ts";

export interface UnitTests {
  /** Absolute path of the file. */
  readonly entry: string;
  readonly wasm: Uint8Array;
  /** Names of the functions, in the order of the file. */
  readonly tests: readonly string[];
  readonly inputs: BuildInputs;
}

const START = "_initialize";

/** @throws {@link BuildError} with every mistake, or `HRM3011` for code that needs a host. */
export async function buildUnitTests(file: string): Promise<UnitTests> {
  const entry = resolve(file);
  const files = new SourceFiles(dirname(entry), findPackageRoot().path);
  try {
    const wasm = await compileUnits(basename(entry), files);
    return { entry, wasm, tests: testsIn(wasm), inputs: inputsOf(files) };
  } catch (error) {
    if (error instanceof BuildError) error.inputs = inputsOf(files);
    throw error;
  }
}

async function compileUnits(entry: string, files: SourceFiles): Promise<Uint8Array> {
  const options = asc.newOptions();
  asc.setRuntime(options, asc.Runtime.Stub);
  asc.setExportMemory(options, true);
  asc.setExportStart(options, START);
  const program = asc.newProgram(options);
  await parseProgram(program, entry, files, true);
  throwIfAny(program, [], files);
  asc.initializeProgram(program);
  throwIfAny(program, [], files);
  const compiled = new TracingCompiler(program).compile();
  throwIfAny(program, [], files);
  const module = binaryen.wrapModule(asc.getBinaryenModuleRef(compiled));
  // Names of functions stay, for traces of traps.
  binaryen.setDebugInfo(true);
  const wasm = module.emitBinary();
  const foreign = importsOf(module).filter(
    (each) => each.module !== "env" || each.name !== "abort",
  );
  module.dispose();
  if (foreign.length === 0) return wasm;
  const names = foreign.map(({ name }) => name).join(", ");
  throw new BuildError([diagnosticOf("HRM3011", `${entry} uses ${names} of a host`)]);
}

function testsIn(wasm: Uint8Array): string[] {
  const module = new WebAssembly.Module(wasm);
  const { exports } = new WebAssembly.Instance(module, { env: { abort: () => undefined } });
  return Object.entries(exports)
    .filter(([name, value]) => typeof value === "function" && value.length === 0 && name !== START)
    .map(([name]) => name);
}
