/**
 * Runs one call of a contract from arguments to outcome.
 *
 * Whatever the contract does, the caller of this file gets an outcome: a value, a typed failure or
 * a fault, with the gas it cost. Only a bug in the host escapes as an exception. Writes stay in the
 * overlay; keeping or dropping them is the caller's decision.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";
import {
  ALLOCATION_GAS_MAX,
  ARGUMENT_BYTES_MAX,
  NAME_LENGTH_MAX,
  RESULT_BYTES_MAX,
} from "#protocol/limits.ts";
import type { CallEnvironment } from "#host/functions/environment.ts";
import { drop, giveBack, takeIdle } from "#host/functions/idle.ts";
import type { CallEnd, CallOutcome } from "#host/functions/outcome.ts";
import { ARGUMENT_GAS_PER_BYTE, RESULT_GAS_PER_BYTE } from "#host/functions/prices.ts";
import { CallFailed, RunningCall } from "#host/functions/running.ts";
import { hostFunctions } from "#host/functions/table.ts";
import type { CallWatch } from "#host/functions/watch.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { clampGas } from "#host/vm/gas.ts";
import { Instance } from "#host/vm/instance.ts";
import { traceOf } from "#host/vm/trace.ts";
import { waitingImports, type WorldImportKey } from "#host/vm/world.ts";

export type { CallOutcome } from "#host/functions/outcome.ts";

export interface CallRequest {
  readonly method: string;
  /** The encoded array of arguments. */
  readonly args: Uint8Array;
  /** What is not an integer from 0 to 2^53 - 1 is brought there. */
  readonly gasLimit: number;
  /** Gas of the first slice, if not that of the environment's pace. */
  readonly sliceGas?: number;
}

/** Thrown when a call that cannot be suspended would need another slice: it is as if it had never begun. */
export class SliceOver extends Error {
  /** What it has cost the thread all the same, with the calls that it made. */
  gasUsed = 0;
}

/** What the engine says when its own stack is full: the deterministic limit comes first on any sound machine. */
const STACK_EXHAUSTED = "Maximum call stack size exceeded";

/** Ends that are no abuse: they pay what was used. Every other fault takes the whole limit. */
const PAYS_USED: ReadonlySet<FaultCode> = new Set<FaultCode>([
  "PANIC",
  "METHOD_UNKNOWN",
  "ARGUMENTS_MALFORMED",
  "CALLER_REFUSED",
  "HTTP_REPLAY_MISMATCH",
  "CALL_TIMEOUT",
  "BUSY",
  "MEMORY_EXHAUSTED",
]);

/**
 * Runs a call that never suspends.
 *
 * @param environment - Its HTTP power must be "replay" if the contract uses HTTP or calls others.
 */
export function runCall(
  admitted: AdmittedModule,
  request: CallRequest,
  environment: CallEnvironment,
): CallOutcome {
  const run = new Run(admitted, request, environment);
  if (admitted.isResumable) throw new Error("a module that suspends needs runCallAsync");
  if (admitted.mayWait && environment.http.kind === "live") {
    throw new Error("a call with live HTTP needs a module that suspends");
  }
  return run.settle(() => {
    const instance = run.begin();
    instance.start();
    return run.result(instance.invoke(environment.mode, request.method, request.args));
  });
}

/** Runs a call that may wait for live HTTP; the HTTP power's promise bounds each wait. */
export async function runCallAsync(
  admitted: AdmittedModule,
  request: CallRequest,
  environment: CallEnvironment,
): Promise<CallOutcome> {
  if (!admitted.isResumable) return runCall(admitted, request, environment);
  const run = new Run(admitted, request, environment);
  let value: Uint8Array;
  try {
    const instance = run.begin();
    await instance.startAsync();
    value = run.result(await instance.invokeAsync(environment.mode, request.method, request.args));
  } catch (error) {
    return run.settle(() => {
      throw error;
    });
  }
  return run.settle(() => value);
}

/** Ends a slice, or the call when its gas is used up. */
function nextSlice({ environment, gas, instance, suspendedBytes }: RunningCall): Promise<void> {
  const { pace } = environment;
  if (gas.left < 0 || pace?.next === undefined) throw new Fault("OUT_OF_GAS");
  return instance.wait(pace.next(suspendedBytes)).then(() => gas.slice(pace.sliceGas));
}

class Run {
  readonly #admitted: AdmittedModule;
  readonly #request: CallRequest;
  readonly #call: RunningCall;
  readonly #gasLimit: number;
  readonly #watch: CallWatch | undefined;
  #instance: Instance | undefined;

  constructor(admitted: AdmittedModule, request: CallRequest, environment: CallEnvironment) {
    this.#admitted = admitted;
    this.#request = request;
    const { caller, self: contract, mode, watch } = environment;
    this.#call =
      watch === undefined ? takeIdle(admitted, environment) : new RunningCall(environment);
    this.#gasLimit = clampGas(request.gasLimit);
    this.#watch = watch?.begin({ caller, contract, mode, ...request }, this.#call);
  }

  /** Checks the request, takes or makes the instance and charges for both. */
  begin(): Instance {
    const { method, args, sliceGas } = this.#request;
    if (method.length > NAME_LENGTH_MAX) {
      throw new Fault("METHOD_UNKNOWN", { length: method.length, limit: NAME_LENGTH_MAX });
    }
    if (args.length > ARGUMENT_BYTES_MAX) {
      throw new Fault("ARGUMENTS_MALFORMED", { length: args.length, limit: ARGUMENT_BYTES_MAX });
    }
    const instance = this.#call.attached ?? this.#link();
    this.#instance = instance;
    const { link: place, pace } = this.#call.environment;
    if (place !== undefined) instance.stackLeft = place.stackBytes;
    instance.gas.left = this.#gasLimit;
    if (pace !== undefined) instance.gas.slice(sliceGas ?? pace.sliceGas);
    instance.gas.charge(this.#admitted.instanceGas + ARGUMENT_GAS_PER_BYTE * args.length);
    return instance;
  }

  /** Makes the instance: its imports are bound to this call, and to those that it serves after it. */
  #link(): Instance {
    const call = this.#call;
    const { isResumable } = this.#admitted;
    const link = (key: WorldImportKey) => {
      const bound = hostFunctions[key].bind(call);
      const linked = this.#watch?.link(key, bound) ?? bound;
      return isResumable && waitingImports.has(key) ? new WebAssembly.Suspending(linked) : linked;
    };
    const instance = new Instance(this.#admitted, link, {
      next: () => nextSlice(call),
      allocationGas: () => call.environment.pace?.allocationGas ?? ALLOCATION_GAS_MAX,
    });
    call.attach(instance);
    return instance;
  }

  /** Copies the result out: a pointer to pointer and length. */
  result(pointer: number): Uint8Array {
    const { memory, gas } = this.#call;
    const area = memory.region(pointer, 8, 4);
    const length = memory.u32(area + 4);
    if (length > RESULT_BYTES_MAX) {
      throw new Fault("RESULT_TOO_LARGE", { length, limit: RESULT_BYTES_MAX });
    }
    gas.charge(RESULT_GAS_PER_BYTE * length);
    return memory.readBytes(memory.u32(area), length);
  }

  /** Turns the end of `run` into an outcome. */
  settle(run: () => Uint8Array): CallOutcome {
    let end: CallEnd;
    try {
      end = { kind: "returned", value: run() };
    } catch (error) {
      if (error instanceof SliceOver) this.#giveUp(error);
      end = this.#endOf(error);
    }
    const events = end.kind === "returned" ? this.#call.events : [];
    const { logs } = this.#call;
    const outcome = { end, gasUsed: this.#gasUsed(end), gasRun: this.#gasRun(), events, logs };
    this.#watch?.ended(outcome);
    this.#letGo();
    return outcome;
  }

  /** What is watched is bound to one call: its instance serves no other. */
  #letGo(): void {
    if (this.#watch === undefined) giveBack(this.#admitted, this.#call);
    else drop(this.#call);
  }

  /** @throws What it is given, with what this call ran for. */
  #giveUp(over: SliceOver): never {
    over.gasUsed += this.#gasRun();
    this.#letGo();
    throw over;
  }

  #gasUsed(end: CallEnd): number {
    if (end.kind === "fault" && !PAYS_USED.has(end.fault.code)) return this.#gasLimit;
    return this.#gasTaken();
  }

  #gasRun(): number {
    return this.#gasTaken() - this.#call.gasForfeited;
  }

  #gasTaken(): number {
    return this.#gasLimit - Math.max(0, this.#instance?.gas.left ?? this.#gasLimit);
  }

  #endOf(error: unknown): CallEnd {
    const { offsets } = this.#admitted;
    const trace = offsets === undefined ? {} : { trace: traceOf((error as Error).stack, offsets) };
    if (error instanceof CallFailed) {
      return { kind: "failed", name: error.failure, fields: error.fields, ...trace };
    }
    const fault = this.#faultOf(error);
    const { panic } = this.#call;
    return { kind: "fault", fault, ...(panic === undefined ? {} : { panic }), ...trace };
  }

  #faultOf(error: unknown): Fault {
    if (error instanceof Fault) return error;
    const instance = this.#instance;
    if (error instanceof WebAssembly.RuntimeError && instance !== undefined) {
      if (instance.gas.isSliceOver) this.#giveUp(new SliceOver());
      return instance.trapFault();
    }
    // The end of a slice, or of all gas, while the contract allocates for the host, where nothing can be suspended.
    if (error instanceof WebAssembly.SuspendError && instance !== undefined) {
      if (instance.gas.inSlice < 0) return new Fault("OUT_OF_GAS");
    }
    // Live HTTP from within `_initialize` or `cabi_realloc`: what a replay refuses by phase.
    if (error instanceof WebAssembly.SuspendError) return new Fault("REENTRY_REFUSED");
    if (error instanceof RangeError && error.message === STACK_EXHAUSTED) {
      return new Fault("MEMORY_EXHAUSTED");
    }
    throw error;
  }
}
