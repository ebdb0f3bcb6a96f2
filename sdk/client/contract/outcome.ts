/**
 * From a verified reply to a result, or to the error it stands for.
 *
 * @module
 */
import type { Abi, AbiRecord } from "#protocol/abi.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Reply, ReplyEvent } from "#protocol/reply.ts";
import { decodeFields, decodeResult } from "#sdk/client/abi/decode.ts";
import type { Verified } from "#sdk/client/call/caller.ts";
import { logLine, type CallReport } from "#sdk/client/call/report.ts";
import type { CallResult, ContractEvent, OtherEvent } from "#sdk/client/contract/handle.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import { ContractError } from "#sdk/client/errors/contract-error.ts";
import { faultError } from "#sdk/client/errors/fault-error.ts";
import { printable } from "#sdk/client/errors/printable.ts";

export interface Called {
  readonly abi: Abi;
  readonly contract: Uint8Array;
  readonly method: string;
}

/**
 * The result of a call that returned; `decode` reads its value.
 *
 * @throws {@link ContractError} if the contract refused with an error of its own.
 * @throws {@link HermeticError} for a fault, or `ABI_MISMATCH` if the ABI is of another contract.
 */
export function resultOf<Value>(
  called: Called,
  { reply, proof }: Verified,
  decode: (value: Uint8Array) => Value,
): CallResult<Abi, Value> {
  const { outcome, height, gasUsed } = reply;
  const report = reportOf(called, reply, proof);
  if (outcome.kind === "fault") throw faultError(outcome, report);
  if (outcome.kind === "failed") throw failure(called.abi, outcome, report);
  const { logs } = report;
  const own = reply.events.filter(({ contract }) => contract === undefined);
  const events = own.map((event) => eventOf(called.abi, event));
  const otherEvents = reply.events.flatMap(otherEvent);
  return { value: decode(outcome.value), height, gasUsed, events, otherEvents, logs, proof };
}

/** As {@link resultOf}, with the value decoded by the method's type. */
export function decodedResult(
  called: Called,
  output: Parameters<typeof decodeResult>[1],
  verified: Verified,
): CallResult<Abi, unknown> {
  return resultOf(called, verified, (value) => decodeResult(called.abi, output, value));
}

function reportOf(called: Called, reply: Reply, proof: Verified["proof"]): CallReport {
  const { outcome, height, gasUsed } = reply;
  const { panic, trace } =
    outcome.kind === "fault" ? outcome : { panic: undefined, trace: undefined };
  return {
    contract: toHex(called.contract),
    method: called.method,
    height,
    gasUsed,
    logs: reply.logs.map(logLine),
    proof,
    ...(panic === undefined ? {} : { panic }),
    ...(trace === undefined ? {} : { trace }),
  };
}

function failure(
  abi: Abi,
  outcome: Extract<Reply["outcome"], { kind: "failed" }>,
  report: CallReport,
): ContractError {
  const { name } = outcome;
  const { fields } = recordOf(abi.errors, "error", name);
  return new ContractError({ name, args: decodeFields(abi, fields, outcome.fields, name) }, report);
}

function eventOf(abi: Abi, event: ReplyEvent): ContractEvent<Abi> {
  const { fields } = recordOf(abi.events, "event", event.name);
  const args = decodeFields(abi, fields, event.fields, event.name);
  return { name: event.name, args, public: event.public };
}

function otherEvent({ contract, name, fields }: ReplyEvent): OtherEvent[] {
  return contract === undefined ? [] : [{ contract: toHex(contract), name, fields }];
}

function recordOf(records: readonly AbiRecord[], kind: string, name: string): AbiRecord {
  const record = records.find((each) => each.name === name);
  if (record !== undefined) return record;
  throw clientError("ABI_MISMATCH", `it does not define the ${kind} ${printable(name)}`);
}
