/**
 * A kernel's JavaScript in QuickJS, the interpreter that JavaScript contracts elsewhere run on.
 *
 * It is QuickJS compiled to WebAssembly, on the same engine as our contracts, without limits or metering.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { getQuickJS, type QuickJSContext, type QuickJSHandle } from "quickjs-emscripten";
import { timeRun } from "#test/bench/measure.ts";
import type { KernelResult } from "#test/bench/vm/kernel-call.ts";

const FOLDER = join(import.meta.dirname, "../kernels/javascript");

function sourceOf(path: string): string {
  return stripTypeScriptTypes(readFileSync(join(FOLDER, path), "utf8"));
}

export class QuickJsKernel {
  readonly #context: QuickJSContext;
  readonly #run: QuickJSHandle;

  private constructor(context: QuickJSContext, run: QuickJSHandle) {
    this.#context = context;
    this.#run = run;
  }

  /** @param name - A file of the kernels' JavaScript, without its ending. */
  static async load(name: string): Promise<QuickJsKernel> {
    const context = (await getQuickJS()).newContext();
    context.runtime.setModuleLoader(sourceOf);
    const file = `${name}.ts`;
    const evaluated = context.evalCode(sourceOf(file), file, { type: "module" });
    using namespace = context.unwrapResult(evaluated);
    return new QuickJsKernel(context, context.getProp(namespace, "run"));
  }

  call(argument: number): KernelResult {
    const context = this.#context;
    let value: unknown;
    const microseconds = timeRun(() => {
      using size = context.newNumber(argument);
      using result = context.unwrapResult(context.callFunction(this.#run, context.undefined, size));
      value = context.getNumber(result);
    });
    return { microseconds, value, gas: 0 };
  }

  dispose(): void {
    this.#run.dispose();
    this.#context.dispose();
  }
}
