/**
 * `Network`: a connection to a worker whose enclave has been verified.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import type { ClusterConfig } from "#protocol/info.ts";
import { AccountClient } from "#sdk/client/account-client.ts";
import type { Connection } from "#sdk/client/call/connection.ts";
import type { AccountSigner } from "#sdk/client/wallet.ts";

/** What the evidence vouches for, in hexadecimal. */
export interface WorkerSummary {
  readonly cluster: string;
  readonly epoch: number;
  /** SHA-256 of the enclave's code. */
  readonly measurement: string;
  /** A simulated enclave protects nothing from the machine's owner. */
  readonly simulated: boolean;
  readonly workerKey: string;
  readonly bootEpoch: number;
  readonly config: ClusterConfig;
  /** What the worker claims its height to be; every sealed reply has it signed. */
  readonly untrustedHeight: number;
}

export class Network {
  readonly #connection: Connection;
  readonly #accounts = new WeakMap<AccountSigner, AccountClient>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The worker's enclave as it was verified last. */
  get worker(): WorkerSummary {
    const { info, simulated } = this.#connection.workers.current;
    return {
      cluster: toHex(info.cluster),
      epoch: info.epoch,
      measurement: toHex(info.evidence.measurement),
      simulated,
      workerKey: toHex(info.workerKey),
      bootEpoch: info.bootEpoch,
      config: info.config,
      untrustedHeight: info.height,
    };
  }

  /** The highest height an enclave of this cluster has signed for this client. */
  get height(): number {
    return this.#connection.heads.floor().height;
  }

  /** Verifies the worker anew, for instance to learn its present height. */
  async refresh(): Promise<WorkerSummary> {
    await this.#connection.workers.refresh();
    return this.worker;
  }

  /** The network as this account sees it. Handles of the same wallet share one session. */
  as(signer: AccountSigner): AccountClient {
    const known = this.#accounts.get(signer);
    if (known !== undefined) return known;
    const account = new AccountClient(this.#connection, signer);
    this.#accounts.set(signer, account);
    return account;
  }
}
