/**
 * One contract in two hosts, call by call: ours, and what jco makes of the same component.
 *
 * @module
 */
import type { CallRequest } from "#host/functions/call.ts";
import type { CallEnvironment, CallMode } from "#host/functions/environment.ts";
import { CallFailed } from "#host/functions/running.ts";
import { ContractState } from "#host/state/committed.ts";
import { admit, type AdmittedModule } from "#host/vm/admit.ts";
import { Fault } from "#protocol/fault.ts";
import { hostedCall } from "#test/support/oracle/hosted.ts";
import { Trace, watched } from "#test/support/oracle/trace.ts";
import { Transpiled } from "#test/support/oracle/transpiled.ts";
import { worldOf } from "#test/support/oracle/world.ts";

/** How a call ended, in a form that two hosts can be compared by. */
interface Ended {
  readonly end: string;
  readonly calls: readonly (readonly string[])[];
}

/** Faults that come from the contract or its dispatcher, which another host meets too. */
const SHARED = new Set([
  ...["PANIC", "TRAP", "METHOD_UNKNOWN", "ARGUMENTS_MALFORMED", "CALLER_REFUSED"],
  "MODE_REFUSED",
]);

export interface Comparison {
  readonly ours: Ended;
  readonly theirs: Ended;
  /** Whether a rule of our host alone ended the call: both agree only up to there. */
  readonly isOurLimit: boolean;
  readonly writes: readonly [ours: readonly string[], theirs: readonly string[]];
}

type Environment = Omit<CallEnvironment, "state" | "mode">;

export class TwoHosts {
  readonly #admitted: AdmittedModule;
  readonly #transpiled: Transpiled;
  #state = new ContractState();

  private constructor(admitted: AdmittedModule, transpiled: Transpiled) {
    this.#admitted = admitted;
    this.#transpiled = transpiled;
  }

  static async of(component: Uint8Array): Promise<TwoHosts> {
    return new TwoHosts(admit(component), await Transpiled.of(component));
  }

  /** Forgets all state. */
  reset(): void {
    this.#state = new ContractState();
  }

  /** Runs a call in both; what ours wrote is committed if it returned. */
  call(mode: CallMode, request: CallRequest, environment: Environment): Comparison {
    const [trace, otherTrace] = [new Trace(), new Trace()];
    const own = watched({ ...environment, mode }, this.#state, trace);
    const other = watched({ ...environment, mode }, this.#state, otherTrace);
    const { end } = hostedCall(this.#admitted, request, own, trace);
    const isFault = end.kind === "fault";
    const ours = {
      end: isFault
        ? end.fault.code
        : end.kind === "failed"
          ? failed(end.name, end.fields)
          : returned(end.value),
      calls: trace.calls,
    };
    const theirs = {
      end: this.#transpiledEnd(mode, request, other, otherTrace),
      calls: otherTrace.calls,
    };
    const writes = own.state.writes();
    const result: Comparison = {
      ...{ ours, theirs },
      isOurLimit: isFault && !SHARED.has(end.fault.code),
      writes: [written(writes), written(other.state.writes())],
    };
    if (end.kind === "returned" && mode !== "query") this.#state.apply(writes);
    return result;
  }

  #transpiledEnd(
    mode: CallMode,
    { method, args }: CallRequest,
    environment: CallEnvironment,
    trace: Trace,
  ): string {
    try {
      const imports = worldOf(environment, trace);
      return returned(this.#transpiled.call(mode, method, args, imports));
    } catch (error) {
      if (error instanceof CallFailed) return failed(error.failure, error.fields);
      if (error instanceof Fault) return error.code;
      if (error instanceof WebAssembly.RuntimeError) return "TRAP";
      return String(error);
    }
  }
}

function returned(value: Uint8Array): string {
  return `returned ${Buffer.from(value).toString("hex")}`;
}

function failed(name: string, fields: Uint8Array): string {
  return `failed ${name} ${Buffer.from(fields).toString("hex")}`;
}

function written(writes: readonly (readonly [Uint8Array, Uint8Array | undefined])[]): string[] {
  return writes.map(([key, value]) => {
    const shown = value === undefined ? "removed" : Buffer.from(value).toString("hex");
    return `${Buffer.from(key).toString("hex")} ${shown}`;
  });
}
