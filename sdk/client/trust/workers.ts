/**
 * The enclaves this client has verified: the present one, and those of earlier boots.
 *
 * A worker that restarts has new keys and new evidence. It is verified again before anything it says
 * is believed, and it must still belong to the same cluster.
 *
 * @module
 */
import { equalBytes } from "#protocol/bytes.ts";
import type { WorkerInfo } from "#protocol/info.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import type { WorkerIdentity } from "#sdk/client/trust/identity.ts";

/** Fetches and verifies the worker's info. */
export type FetchIdentity = () => Promise<WorkerIdentity>;

/** Earlier boots whose receipts may still arrive. */
const BOOTS_MAX = 16;

export class TrustedWorkers {
  readonly #fetch: FetchIdentity;
  readonly #boots = new Map<number, WorkerIdentity>();
  #current: WorkerIdentity;
  #refreshing: Promise<WorkerIdentity> | undefined;

  constructor(first: WorkerIdentity, fetch: FetchIdentity) {
    this.#fetch = fetch;
    this.#current = first;
    this.#boots.set(first.info.bootEpoch, first);
  }

  get current(): WorkerIdentity {
    return this.#current;
  }

  /** The enclave of that boot, if it has been verified. */
  ofBoot(bootEpoch: number): WorkerIdentity | undefined {
    return this.#boots.get(bootEpoch);
  }

  /**
   * Asks the worker who it is now. Calls at the same time share one request.
   *
   * @throws {@link HermeticError} `CLUSTER_CHANGED`, or as `verifyInfo` does.
   */
  refresh(): Promise<WorkerIdentity> {
    this.#refreshing ??= this.#update().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #update(): Promise<WorkerIdentity> {
    const identity = await this.#fetch();
    if (!isSameCluster(identity.info, this.#current.info)) throw clientError("CLUSTER_CHANGED");
    this.#current = identity;
    this.#boots.set(identity.info.bootEpoch, identity);
    for (const oldest of this.#boots.keys()) {
      if (this.#boots.size <= BOOTS_MAX) break;
      this.#boots.delete(oldest);
    }
    return identity;
  }
}

function isSameCluster(a: WorkerInfo, b: WorkerInfo): boolean {
  return equalBytes(a.cluster, b.cluster);
}
