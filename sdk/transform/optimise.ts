/**
 * Optimises and emits the module.
 *
 * Inlining goes further than the compiler's own -O3: the engine decides by size what it inlines,
 * metering changes sizes, and code inlined beforehand keeps its speed when metered. The SDK's codec
 * and the string functions are not worth it: they run a few times a call, and would double the size.
 *
 * @module
 */
import * as asc from "assemblyscript";
import binaryen from "assemblyscript/binaryen";
import { functionTable, type FunctionTable } from "./function-names.ts";

/** Instructions up to which a function is always inlined, where it pays, and for its only caller. */
interface InlineLimits {
  readonly always: number;
  readonly flexible: number;
  readonly oneCaller: number;
}

/** The compiler's own limits at -O3. */
const FIRST: InlineLimits = { always: 12, flexible: 70, oneCaller: 200 };
const ENLARGED: InlineLimits = { always: 60, flexible: 120, oneCaller: 120 };
/** Optimisation levels: tidying up within functions, and every pass. */
const CHEAP = 1;
const FULL = 3;
/** What the enlarged limits leave alone. */
const NOT_INLINED = ["~lib/hermetic/*", "~lib/rt/*", "~lib/string/*", "~lib/util/*"];
/** Runs of every pass with enlarged limits; the second rarely gains one percent, a third nothing. */
const ROUNDS = 2;

export interface Binary {
  readonly core: Uint8Array;
  /** Source map: columns are byte offsets in `core`. */
  readonly map: string;
  readonly imports: readonly Import[];
  readonly functions: FunctionTable;
}

/** A function that the finished module imports. */
export interface Import {
  readonly module: string;
  readonly name: string;
}

/**
 * Consumes the module.
 *
 * @param apart - Names of functions that are inlined nowhere: those that calls enter by, so that a
 *   trace still has a frame for the method, and recursive ones.
 */
export function optimise(compiled: asc.Module, apart: readonly string[]): Binary {
  const module = binaryen.wrapModule(asc.getBinaryenModuleRef(compiled));
  keepApart(module, apart);
  // What is small goes everywhere, the SDK included. Run on tidied code and without the costly passes,
  // this takes a tenth of the time that a full optimisation at this point does, for the same result.
  configure(CHEAP, FIRST);
  module.optimize();
  configure(FULL, FIRST);
  module.runPasses(["inlining"]);
  keepApart(module, NOT_INLINED);
  configure(FULL, ENLARGED);
  for (let rounds = 0; rounds < ROUNDS; rounds++) module.optimize();
  // Names change nothing in the code, and are taken out of it again.
  binaryen.setDebugInfo(true);
  const { binary, sourceMap } = module.emitBinary("contract.wasm.map");
  const imports = importsOf(module);
  module.dispose();
  if (sourceMap === null) throw new Error("the module was emitted without a source map");
  const functions = functionTable(binary, imports.length);
  return { core: binary, map: sourceMap, imports, functions };
}

/** The functions that a module imports. */
export function importsOf(module: binaryen.Module): Import[] {
  const all = Array.from({ length: module.getNumFunctions() }, (_, index) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(index)),
  );
  return all
    .filter(({ module: from }) => from !== null && from !== "")
    .map(({ module: from, base }) => ({ module: from ?? "", name: base ?? "" }));
}

/** Keeps functions from being inlined from now on; a name may end in `*`. */
function keepApart(module: binaryen.Module, names: readonly string[]): void {
  for (const name of names) {
    binaryen.setPassArgument("no-inline", name);
    module.runPasses(["no-inline"]);
  }
  binaryen.clearPassArguments();
}

/** The settings are global: they are set before each use. */
function configure(level: number, limits: InlineLimits): void {
  binaryen.setOptimizeLevel(level);
  binaryen.setShrinkLevel(0);
  binaryen.setDebugInfo(false);
  binaryen.setFastMath(false);
  binaryen.setAlwaysInlineMaxSize(limits.always);
  binaryen.setFlexibleInlineMaxSize(limits.flexible);
  binaryen.setOneCallerInlineMaxSize(limits.oneCaller);
  binaryen.setAllowInliningFunctionsWithLoops(true);
}
