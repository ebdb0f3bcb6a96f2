/**
 * What a call is given in these measurements: the real state and randomness of a command, everything else fixed.
 *
 * @module
 */
import { commandRandom } from "#exec/randomness.ts";
import { runCall, type CallOutcome, type CallRequest } from "#host/functions/call.ts";
import type { CallMode } from "#host/functions/environment.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { environment } from "#test/support/contract.ts";

const GAS = 2 ** 53 - 1;
const SECRET = new Uint8Array(32).fill(1);
const REQUEST_ID = new Uint8Array(32).fill(2);

/** One contract with its state. */
export class Sandbox {
  readonly #admitted: AdmittedModule;
  readonly #state: ContractState;

  constructor(admitted: AdmittedModule, state: ContractState = new ContractState()) {
    this.#admitted = admitted;
    this.#state = state;
  }

  /**
   * Runs a call to its end; throws unless it returned.
   *
   * @param isKept - Whether what it wrote stays.
   */
  call(mode: CallMode, request: Omit<CallRequest, "gasLimit">, isKept = false): CallOutcome {
    const state = new Overlay(this.#state);
    const random = commandRandom(nodePrimitives, () => SECRET, REQUEST_ID);
    const world = environment({ mode, state, random });
    const outcome = runCall(this.#admitted, { ...request, gasLimit: GAS }, world);
    if (outcome.end.kind !== "returned") throw new Error(`the call ended as ${outcome.end.kind}`);
    if (isKept) this.#state.apply(state.writes());
    return outcome;
  }
}
