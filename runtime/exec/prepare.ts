/**
 * From a command's body to what of a contract has to run, with all that the request changes beside it.
 *
 * Both the enclave that admits a command and every worker that executes it go through here, so that
 * what is tried ahead is what will happen.
 *
 * @module
 */
import { pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import { CODE_GAS_PER_BYTE, COMMAND_GAS_MAX } from "#protocol/limits.ts";
import type { Code, DeployBody, RequestBody, UploadBody } from "#protocol/request.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { contractAddress } from "#crypto/statements.ts";
import type { CallRequest } from "#host/functions/call.ts";
import type { CallMode } from "#host/functions/environment.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import type { Cluster } from "#exec/cluster.ts";
import { holdsCode, storeCode, useCode } from "#exec/code-store.ts";
import type { Contracts } from "#exec/contracts.ts";
import { createRecord, writeSecrets } from "#exec/records.ts";
import { SYSTEM_NAMESPACE } from "#exec/replica.ts";

/** Code of a contract that a request runs. */
export interface Step {
  readonly module: AdmittedModule;
  readonly mode: CallMode;
  readonly call: CallRequest;
}

/** What a request comes to, once everything that may refuse it has been asked. */
export interface Prepared {
  /** Zero if it is about no contract. */
  readonly contract: Uint8Array;
  /** SHA-256 of the code that runs, or that the request is about. */
  readonly codeHash: Uint8Array;
  /** Nothing if no code of a contract runs. */
  readonly step?: Step;
  /** Gas it costs besides what its code uses. */
  readonly gas: number;
  /** What is answered in place of what the code returns. */
  readonly value?: Uint8Array;
}

/** Who asks, of which contract, and at which height it would happen. */
export interface Sender {
  readonly account: Uint8Array;
  readonly contract: Uint8Array;
  readonly height: number;
}

export class Preparer {
  readonly #primitives: Primitives;
  readonly #cluster: Cluster;
  readonly #contracts: Contracts;

  constructor(primitives: Primitives, cluster: Cluster, contracts: Contracts) {
    this.#primitives = primitives;
    this.#cluster = cluster;
    this.#contracts = contracts;
  }

  /**
   * Prepares one command.
   *
   * @param system - Takes what the request changes in the system namespace; to be dropped if it fails.
   * @throws {@link Fault} `ENVELOPE_KIND` if it is a query's.
   * @throws {@link Fault} `CONTRACT_UNKNOWN` or `CONTRACT_EXISTS`, by the address.
   * @throws {@link Fault} `CODE_UNKNOWN` if it names code that the cluster does not hold.
   * @throws {@link Fault} `MODULE_…` or `COMPONENT_MALFORMED` if the code is not admitted.
   * @throws {@link Fault} `OUT_OF_GAS` if the gas limit does not pay for new code.
   */
  prepare(system: Overlay, sender: Sender, body: RequestBody): Prepared {
    switch (body.op) {
      case "call": {
        const { contract } = sender;
        const { codeHash } = this.#contracts.record(system, contract);
        const module = this.#contracts.module(system, codeHash);
        const gasLimit = Math.min(body.gasLimit, COMMAND_GAS_MAX);
        const step = { module, mode: "command", call: { ...body, gasLimit } } as const;
        return { contract, codeHash, step, gas: 0 };
      }
      case "deploy":
        return this.#deploy(system, sender, body);
      case "upload":
        return this.#upload(system, sender, body);
      default:
        throw new Fault("ENVELOPE_KIND");
    }
  }

  #deploy(system: Overlay, { account, height }: Sender, body: DeployBody): Prepared {
    const { codeHash, module, gas } = this.#code(system, account, body.code, body.gasLimit);
    const { cluster } = this.#cluster.name;
    const birth = { ...body, codeHash };
    const contract = contractAddress(this.#primitives, cluster, account, birth);
    createRecord(system, contract, { codeHash, owner: account, height });
    writeSecrets(this.#primitives, system, contract, body.secrets);
    useCode(system, codeHash);
    const gasLimit = Math.min(body.gasLimit, COMMAND_GAS_MAX) - gas;
    const step = { module, mode: "init", call: { ...body, gasLimit } } as const;
    return { contract, codeHash, step, gas, value: pack(contract) };
  }

  #upload(system: Overlay, { account }: Sender, body: UploadBody): Prepared {
    const { codeHash, gas } = this.#code(system, account, body, body.gasLimit);
    return { contract: SYSTEM_NAMESPACE, codeHash, gas, value: pack(codeHash) };
  }

  /** Admits code, and stores it if the cluster does not hold it. */
  #code(
    system: Overlay,
    account: Uint8Array,
    code: Code,
    gasLimit: number,
  ): { readonly codeHash: Uint8Array; readonly module: AdmittedModule; readonly gas: number } {
    if ("hash" in code) {
      const codeHash = code.hash;
      if (!holdsCode(system, codeHash)) throw new Fault("CODE_UNKNOWN");
      return { codeHash, module: this.#contracts.module(system, codeHash), gas: 0 };
    }
    const { component } = code;
    const codeHash = this.#contracts.codeHash(component);
    const gas = holdsCode(system, codeHash) ? 0 : CODE_GAS_PER_BYTE * component.length;
    if (gas > Math.min(gasLimit, COMMAND_GAS_MAX)) throw new Fault("OUT_OF_GAS", { needed: gas });
    const module = this.#contracts.admit(component);
    storeCode(system, codeHash, component, account);
    return { codeHash, module, gas };
  }
}
