/**
 * Calls that may wait for HTTP, their own or that of a contract they call: how many there may be, and
 * how much they may hold meanwhile.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { SUSPENDED_BYTES_MAX, SUSPENDED_CALLS_MAX } from "#protocol/limits.ts";
import { runCallAsync, type CallRequest } from "#host/functions/call.ts";
import type { FirstCall } from "#host/functions/chain.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { LiveHttp } from "#host/http/power.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { chainOf, type CallSite } from "#exec/call.ts";
import type { Contracts } from "#exec/contracts.ts";

export class Waiting {
  readonly #contracts: Contracts;
  #stacks = 0;
  #bytes = 0;

  constructor(contracts: Contracts) {
    this.#contracts = contracts;
  }

  /**
   * Runs a chain of calls that may wait.
   *
   * @param site - Must not change while the chain waits.
   * @param http - The live power of each contract.
   * @throws {@link Fault} `BUSY` if there are too many such calls, or they hold too much.
   */
  async run(
    module: AdmittedModule,
    call: CallRequest,
    first: FirstCall,
    site: Omit<CallSite, "http" | "takeStack">,
    http: (address: Uint8Array) => LiveHttp,
  ): Promise<CallOutcome> {
    const giveBack = this.#takeStack();
    try {
      const chain = chainOf(this.#contracts, {
        ...site,
        http: (address) => this.#held(http(address)),
        takeStack: () => this.#takeStack(),
      });
      const outcome = await runCallAsync(module, call, chain.first(first));
      if (outcome.end.kind === "fault" && outcome.end.fault.code === "BUSY") {
        throw outcome.end.fault;
      }
      return outcome;
    } finally {
      giveBack();
    }
  }

  /** Each call has a stack of its own, those that contracts make included. */
  #takeStack(): () => void {
    if (this.#stacks >= SUSPENDED_CALLS_MAX) throw new Fault("BUSY");
    this.#stacks++;
    return () => void this.#stacks--;
  }

  /** The same power, but all who wait on it together hold no more than their limit. */
  #held(http: LiveHttp): LiveHttp {
    return {
      kind: "live",
      fetch: async (requests, heldBytes = 0) => {
        if (this.#bytes + heldBytes > SUSPENDED_BYTES_MAX) throw new Fault("BUSY");
        this.#bytes += heldBytes;
        try {
          return await http.fetch(requests, heldBytes);
        } finally {
          this.#bytes -= heldBytes;
        }
      },
    };
  }
}
