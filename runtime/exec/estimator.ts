/**
 * Estimates: a command on a snapshot of the state, of which nothing is kept and little is told.
 *
 * The outside world must not notice either: a command that pays somebody over HTTP could otherwise be
 * estimated again and again. Requests that only read are made, all others end the estimate.
 *
 * @module
 */
import { coarseGas, encodeEstimate, type Estimate } from "#protocol/estimate.ts";
import { Fault } from "#protocol/fault.ts";
import { COMMAND_GAS_MAX } from "#protocol/limits.ts";
import type { EstimateBody } from "#protocol/request.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { Cancellation } from "#host/http/cancellation.ts";
import type { HttpCaller, LiveHttp } from "#host/http/power.ts";
import { Overlay } from "#host/state/overlay.ts";
import type { Node } from "#exec/node.ts";
import { Preparer } from "#exec/prepare.ts";
import { SYSTEM_NAMESPACE } from "#exec/replica.ts";
import type { Asker } from "#exec/tell.ts";
import type { Unlogged } from "#exec/unlogged.ts";

/** Methods without an effect on the server: RFC 9110 §9.2.1. */
const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);

export class Estimator {
  readonly #node: Node;
  readonly #unlogged: Unlogged;
  readonly #preparer: Preparer;

  constructor(node: Node, unlogged: Unlogged) {
    this.#node = node;
    this.#unlogged = unlogged;
    this.#preparer = new Preparer(node.powers.primitives, node.cluster, node.contracts);
  }

  /**
   * @returns The encoded {@link Estimate}.
   * @throws {@link Fault} `BUSY` if there is no room for a call that waits.
   */
  async estimate(
    asker: Asker,
    body: EstimateBody,
    cancellation?: Cancellation,
  ): Promise<Uint8Array> {
    try {
      const { end, gasUsed } = await this.#run(asker, body, cancellation);
      const outcome = end.kind === "fault" ? end.fault.code : end.kind;
      return encodeEstimate({ outcome, gas: coarseGas(gasUsed) });
    } catch (error) {
      if (!(error instanceof Fault) || error.code === "BUSY") throw error;
      return encodeEstimate({ outcome: error.code, gas: 0 } satisfies Estimate);
    }
  }

  async #run(
    { account, contract }: Asker,
    body: EstimateBody,
    cancellation: Cancellation | undefined,
  ): Promise<CallOutcome> {
    const { replica, powers, cluster, timeMs, http } = this.#node;
    const state = replica.snapshot();
    const system = new Overlay(state(SYSTEM_NAMESPACE));
    const height = replica.height + 1;
    const sender = { account, contract, height };
    const command = { ...body, op: "call" } as const;
    const { step, codeHash } = this.#preparer.prepare(system, sender, command);
    if (step === undefined) throw new Error("a call always runs code");
    const { mode } = step;
    const request = { ...body, gasLimit: Math.min(body.gasLimit, COMMAND_GAS_MAX) };
    const first = { mode, caller: account, address: contract };
    const { contractSecret, name } = cluster;
    const random = (): typeof powers.entropy => powers.entropy;
    const site = {
      timeMs: timeMs(),
      height,
      random,
      contractSecret,
      cluster: name.cluster,
      state,
      system,
    };
    const reading = (caller: HttpCaller): LiveHttp => readOnly(http.live(caller));
    const still = (): typeof site => site;
    return this.#unlogged.run({
      codeHash,
      request,
      first,
      site,
      still,
      http: reading,
      cancellation,
    });
  }
}

/** The power to ask, without the power to do. */
function readOnly(live: LiveHttp): LiveHttp {
  return {
    kind: "live",
    fetch: async (requests, heldBytes) => {
      if (!requests.every(({ method }) => READING.has(method))) throw new Fault("MODE_REFUSED");
      return live.fetch(requests, heldBytes);
    },
  };
}
