/**
 * A call by the product's host, traced: its own glue, its own host functions.
 *
 * @module
 */
import { runCall, type CallOutcome, type CallRequest } from "#host/functions/call.ts";
import type { CallEnvironment } from "#host/functions/environment.ts";
import { CallFailed, type Bind, type RunningCall } from "#host/functions/running.ts";
import { hostFunctionKeys, hostFunctions } from "#host/functions/table.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { Trace } from "#test/support/oracle/trace.ts";

/** Who is told now. An instance may serve several calls, so what it was linked with asks. */
let listener: Trace | undefined;

/** Runs a call; every host function of the table reports to `trace` meanwhile. */
export function hostedCall(
  admitted: AdmittedModule,
  request: CallRequest,
  environment: CallEnvironment,
  trace: Trace,
): CallOutcome {
  const restore = hostFunctionKeys.map((key) => report(key));
  listener = trace;
  try {
    return runCall(admitted, request, environment);
  } finally {
    for (const undo of restore) undo();
  }
}

function report(key: keyof typeof hostFunctions): () => void {
  const row = hostFunctions[key] as { bind: Bind };
  const original = row.bind;
  row.bind = (call) => {
    const run = original(call) as (...args: readonly unknown[]) => unknown;
    return (...args: readonly unknown[]) => {
      const trace = listener ?? new Trace();
      trace.begin(key);
      try {
        const result = run(...args);
        noteKept(key, call, trace);
        return result;
      } catch (error) {
        noteThrown(key, call, trace, error);
        throw error;
      }
    };
  };
  return () => {
    row.bind = original;
  };
}

function noteKept(key: string, call: RunningCall, trace: Trace): void {
  const event = call.events.at(-1);
  const entry = call.logs.at(-1);
  if (key === "events.emit") trace.note("event", event?.name, event?.fields, event?.public);
  if (key === "logging.log") trace.note("log", entry?.level, entry?.text);
}

function noteThrown(key: string, call: RunningCall, trace: Trace, error: unknown): void {
  const { panic } = call;
  if (error instanceof CallFailed) trace.note("failure", error.failure, error.fields);
  else if (key === "control.panic" && panic !== undefined) {
    trace.note("panic", panic.text, panic.file, panic.line, panic.column);
  } else if (key === "control.refuse") trace.note("refusal", (error as Error).message);
}
