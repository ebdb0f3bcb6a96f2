/**
 * The part of the WebAssembly JavaScript API that the host uses, JSPI included.
 *
 * The trusted code is compiled without the DOM library; what it may touch is spelled out here.
 *
 * @module
 */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: object);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    constructor(descriptor: { readonly initial: number; readonly maximum: number });
    readonly buffer: ArrayBuffer;
  }
  class Table {
    set(index: number, value: unknown): void;
  }
  class Global {
    value: unknown;
  }
  class RuntimeError extends Error {}
  class CompileError extends Error {}
  /** Thrown at a suspending import whose stack cannot be suspended. */
  class SuspendError extends Error {}
  /** Marks an import whose promise suspends the calling stack. */
  class Suspending {
    constructor(run: (...args: never[]) => unknown);
  }
  /** Wraps an export so that a suspended call becomes a promise. */
  function promising(run: (...args: never[]) => unknown): (...args: number[]) => Promise<unknown>;
  function validate(bytes: Uint8Array): boolean;
}
