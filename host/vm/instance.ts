/**
 * One instance of a contract: new for each call, or made as new as soon as the call before is over.
 *
 * Nothing survives from call to call, so globals and memory cannot carry secrets from one caller to
 * the next. Imports are looked up by V8 as properties; the objects here have no prototype and hold
 * only what the module was admitted with. While the contract allocates for the host it may not call
 * back: guest, host, guest, and no further.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { GasCounter } from "#host/vm/gas.ts";
import { GuestMemory } from "#host/vm/memory.ts";
import type { MemoryPool } from "#host/vm/memory-pool.ts";
import { EXHAUSTED, GAS_EXPORT, PAY_EXPORT, STACK_EXPORT } from "#host/vm/meter/counters.ts";
import { MEMORY_IMPORT } from "#host/vm/meter/meter.ts";
import { RESTORE_EXPORT } from "#host/vm/meter/restoring.ts";
import { SLICE_EXPORT } from "#host/vm/meter/slices.ts";
import { suspending } from "#host/vm/suspending.ts";
import { worldImports, type WorldImportKey } from "#host/vm/world.ts";

/** A host function as linked: arguments are i32 numbers or i64 BigInts. */
export type HostImport = (...args: never[]) => unknown;
/** Gives the implementation of each import the module uses. */
export type Linker = (key: WorldImportKey) => HostImport | WebAssembly.Suspending;

/** How an instance of a resumable module shares the thread. */
export interface Slices {
  /** Called where a slice ends; resolves when the next has begun. */
  readonly next: () => Promise<void>;
  /** Gas that allocations for the host may use together in one slice: of the call that runs now. */
  allocationGas(): number;
}

/** What the instance is doing: decides whether a host call may come. Idle is as new, dead is for good. */
export type Phase = "idle" | "starting" | "running" | "allocating" | "waiting" | "dead";

type EntryPoint = (...args: number[]) => number;
type Promising = ReturnType<typeof WebAssembly.promising>;

/** `init`, `migrate`, `command` and `query` as the world has them. */
export type EntryName = "init" | "migrate" | "command" | "query";

export class Instance {
  readonly memory: GuestMemory;
  readonly gas: GasCounter;
  readonly #exports: Readonly<Record<string, unknown>>;
  readonly #memories: MemoryPool;
  readonly #memory: WebAssembly.Memory;
  readonly #restore: (() => void) | undefined;
  /** Exports on stacks of their own, by name. */
  readonly #promising = new Map<string, Promising>();
  #phase: Phase = "idle";

  /**
   * Links and instantiates; no contract code runs yet.
   *
   * @throws {@link Fault} `MEMORY_EXHAUSTED` if the engine has no memory for the instance.
   */
  constructor(admitted: AdmittedModule, link: Linker, slices: Slices) {
    this.#memories = admitted.memories;
    this.#memory = admitted.memories.take();
    this.#exports = instantiate(admitted, this.#memory, link);
    if (admitted.isRestorable) {
      this.#restore = this.#exports[RESTORE_EXPORT] as () => void;
      this.#memories.see(this.#memory);
    }
    if (admitted.isResumable) {
      (this.#exports[SLICE_EXPORT] as WebAssembly.Table).set(0, suspending(slices.next));
    }
    this.gas = new GasCounter(
      this.#exports[GAS_EXPORT] as WebAssembly.Global,
      this.#exports[PAY_EXPORT] as ((gas: number) => number) | undefined,
    );
    const allocate = this.#exports["cabi_realloc"] as EntryPoint;
    this.memory = new GuestMemory(this.#memory, (alignment, size) => {
      const before = this.#phase;
      this.#phase = "allocating";
      const pointer = admitted.isResumable
        ? this.gas.apart(slices.allocationGas(), () => allocate(0, 0, alignment, size))
        : allocate(0, 0, alignment, size);
      this.#phase = before;
      return pointer;
    });
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Bytes of stack that recursive functions may still take. */
  get stackLeft(): number {
    return Number(this.#stack.value);
  }

  set stackLeft(bytes: number) {
    this.#stack.value = bytes;
  }

  get #stack(): WebAssembly.Global {
    return this.#exports[STACK_EXPORT] as WebAssembly.Global;
  }

  /** Begins a call: runs `_initialize`, if the contract has one. */
  start(): void {
    this.#begin()?.();
    this.#phase = "running";
  }

  /** As {@link start}, on a stack that may be suspended. */
  async startAsync(): Promise<void> {
    const initialize = this.#begin();
    if (initialize !== undefined) await this.#onStack("_initialize", initialize)();
    this.#phase = "running";
  }

  #begin(): (() => void) | undefined {
    if (this.#phase !== "idle") throw new Error("only what is as new can begin");
    this.#phase = "starting";
    return this.#exports["_initialize"] as (() => void) | undefined;
  }

  /** Calls an entry point that never suspends; returns the address of its result. */
  invoke(name: EntryName, method: string, args: Uint8Array): number {
    const entry = this.#exports[name] as EntryPoint;
    const methodPointer = this.memory.writeText(method);
    const argsPointer = this.memory.writeBytes(args);
    return entry(methodPointer, method.length, argsPointer, args.length);
  }

  /** Calls an entry point on a stack of its own, which a suspending import may leave and resume. */
  async invokeAsync(name: EntryName, method: string, args: Uint8Array): Promise<number> {
    const entry = this.#onStack(name, this.#exports[name] as EntryPoint);
    const methodPointer = this.memory.writeText(method);
    const argsPointer = this.memory.writeBytes(args);
    // An i32 result by the signature that admission checked.
    return (await entry(methodPointer, method.length, argsPointer, args.length)) as number;
  }

  /** An export on a stack of its own, made once. */
  #onStack(name: string, entry: (...args: never[]) => unknown): Promising {
    const made = this.#promising.get(name) ?? WebAssembly.promising(entry);
    this.#promising.set(name, made);
    return made;
  }

  /** Marks the instance as suspended until `promise` settles; a dead instance is not resumed. */
  async wait<T>(promise: Promise<T>): Promise<T> {
    const before = this.#phase;
    this.#phase = "waiting";
    const value = await promise;
    if (this.#phase !== "waiting") throw new Fault("REENTRY_REFUSED");
    this.#phase = before;
    return value;
  }

  /**
   * Refuses every later host call, and wipes the memory for the next instance.
   *
   * Only once no code of this one can ever run again: a call on a stack of its own is over when its
   * promise is settled, whether it returned or trapped; until then its stack may be resumed.
   */
  recycle(): void {
    if (this.#phase === "dead") return;
    this.#phase = "dead";
    this.#memories.giveBack(this.#memory);
  }

  /**
   * Makes it as new, now and not when it is next needed: every byte of memory, every variable and both counters,
   * which is all that its code can change. Under the condition of {@link recycle}.
   *
   * @returns Whether it did; if not, it is as it was.
   */
  restore(): boolean {
    if (this.#restore === undefined || this.#phase === "dead") return false;
    if (!this.#memories.restore(this.#memory)) return false;
    this.#restore();
    this.memory.renew();
    this.#phase = "idle";
    return true;
  }

  /** Which limit a trap of this instance met, told by its counters. */
  trapFault(): Fault {
    const stack = this.stackLeft;
    if (stack === EXHAUSTED) return new Fault("MEMORY_EXHAUSTED");
    if (stack < 0) return new Fault("STACK_OVERFLOW");
    return new Fault(this.gas.left < 0 ? "OUT_OF_GAS" : "TRAP");
  }
}

function instantiate(
  admitted: AdmittedModule,
  memory: WebAssembly.Memory,
  link: Linker,
): Readonly<Record<string, unknown>> {
  const imports = Object.create(null) as Record<string, Record<string, unknown>>;
  for (const key of admitted.imports) {
    const { module, name } = worldImports[key];
    const group = (imports[module] ??= Object.create(null) as Record<string, unknown>);
    group[name] = link(key);
  }
  const host = Object.create(null) as Record<string, unknown>;
  host[MEMORY_IMPORT.name] = memory;
  imports[MEMORY_IMPORT.module] = host;
  try {
    return new WebAssembly.Instance(admitted.module, imports).exports;
  } catch (error) {
    // Segments are checked at admission and imports by type, so only memory is left to fail.
    if (error instanceof RangeError) throw new Fault("MEMORY_EXHAUSTED");
    throw error;
  }
}
