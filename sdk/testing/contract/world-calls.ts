/**
 * What contracts have called in a world: for the tester's eyes, who may see more than any caller.
 *
 * @module
 */
import { unpack } from "#protocol/codec.ts";
import type { Abi } from "#protocol/abi.ts";
import { toHex } from "#protocol/bytes.ts";
import { faults, readableCode } from "#protocol/faults.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import { decodeFields } from "#sdk/client/abi/decode.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import type { CallNode } from "#sdk/testing/insight/call-tree.ts";
import { logLine, type LogLine } from "#sdk/client/call/report.ts";

/** A call that a contract has made, in the order in which they ended. */
export interface WorldCall {
  /** Address of the contract that called. */
  readonly caller: Account;
  /** Address and class of the contract that was called. */
  readonly address: Account;
  readonly contract: string;
  readonly kind: "command" | "query";
  readonly method: string;
  /** `returned`, the name of an `@error`, or the code of a fault. */
  readonly end: string;
  /** What it panicked with, if it did. */
  readonly panic?: string;
  readonly gasUsed: number;
  readonly events: readonly { readonly name: string; readonly args: unknown }[];
  readonly logs: readonly LogLine[];
}

/** @param abi - Of the contract that was called, if the world knows it. */
export function worldCall(call: CallNode, abi: Abi | undefined): WorldCall {
  const { caller, contract, mode, method, outcome } = call;
  const { end, gasUsed, events, logs } = outcome;
  const panic = end.kind === "fault" ? end.panic?.text : undefined;
  const own = events.filter((event) => event.contract === undefined);
  return {
    caller: toHex(caller),
    address: toHex(contract),
    contract: abi?.contract ?? toHex(contract),
    // No contract can make or remake another.
    kind: mode === "query" ? "query" : "command",
    method,
    end: endOf(end),
    ...(panic === undefined ? {} : { panic }),
    gasUsed,
    events: own.map(({ name, fields }) => ({ name, args: argsOf(abi, name, fields) })),
    logs: logs.map(logLine),
  };
}

function endOf(end: CallOutcome["end"]): string {
  if (end.kind === "returned") return end.kind;
  return end.kind === "failed" ? end.name : readableCode(faults[end.fault.code].number);
}

function argsOf(abi: Abi | undefined, name: string, fields: Uint8Array): unknown {
  const types = abi?.events.find((event) => event.name === name)?.fields;
  if (abi === undefined || types === undefined) return unpack(fields);
  return decodeFields(abi, types, fields, name);
}
