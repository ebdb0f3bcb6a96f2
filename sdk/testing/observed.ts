/**
 * What a world has seen of its contracts: what calls cost, what was logged, who called whom, and how it failed.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import type { CallReport, LogLine } from "#sdk/client/call/report.ts";
import type { BuiltArtefact } from "#sdk/testing/artefact.ts";
import { contractFrames } from "#sdk/testing/contract/frames.ts";
import { GasTable } from "#sdk/testing/contract/gas.ts";
import { worldCall, type WorldCall } from "#sdk/testing/contract/world-calls.ts";
import { callsBelow, type CallNode } from "#sdk/testing/insight/call-tree.ts";
import { foundCall, foundGas } from "#sdk/testing/insight/findings.ts";

/** A line that a contract logged. */
export interface WorldLog extends LogLine {
  /** The contract's class. */
  readonly contract: string;
  readonly method: string;
}

export class Observed {
  /** What calls have cost. */
  readonly gas: GasTable = new GasTable();
  /** What contracts have logged, oldest first. */
  readonly logs: WorldLog[] = [];
  /** What contracts have called, with what no caller gets to see: private events, logs, panics. */
  readonly calls: WorldCall[] = [];
  readonly #artefacts = new Map<Account, BuiltArtefact>();
  /** Calls that have failed last, by contract. */
  readonly #failures = new Map<Account, CallNode>();

  /** Remembers the code of a contract. */
  learn(address: Account, artefact: BuiltArtefact): void {
    this.#artefacts.set(address, artefact);
  }

  /** The interface of a contract whose code is known. */
  abiOf(address: Account): Abi | undefined {
    return this.#artefacts.get(address)?.abi;
  }

  /** A call of a client's has ended, with all that it called. */
  ended(root: CallNode): void {
    if (root.outcome.end.kind !== "returned") this.#failures.set(toHex(root.contract), root);
    for (const call of callsBelow(root)) {
      const seen = worldCall(call, this.abiOf(toHex(call.contract)));
      this.calls.push(seen);
      this.record(seen.contract, seen.method, seen);
    }
    foundCall(root, (address) => this.#artefacts.get(address));
  }

  /** The contracts' part of the stack of a failed call. */
  readonly framesOf = (error: Error): readonly string[] => {
    const { call } = error as { readonly call?: CallReport };
    const failure = call && this.#failures.get(call.contract);
    return failure === undefined ? [] : contractFrames(failure, (at) => this.#artefacts.get(at));
  };

  /** What a contract used and logged, by method. */
  record(
    contract: string,
    method: string,
    { gasUsed, logs }: { readonly gasUsed: number; readonly logs: readonly LogLine[] },
  ): void {
    this.gas.record(contract, method, gasUsed);
    foundGas(contract, method, gasUsed);
    for (const line of logs) this.logs.push({ contract, method, ...line });
  }
}
