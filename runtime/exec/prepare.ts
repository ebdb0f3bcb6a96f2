/**
 * From a command's body to what of a contract has to run, with all that the request changes beside it.
 *
 * Both the enclave that admits a command and every worker that executes it go through here, so that
 * what is tried ahead is what will happen.
 *
 * @module
 */
import { equalBytes } from "#protocol/bytes.ts";
import { pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import { CODE_GAS_PER_BYTE, COMMAND_GAS_MAX } from "#protocol/limits.ts";
import type {
  CallBody,
  Code,
  DeployBody,
  DestroyBody,
  FreezeBody,
  RequestBody,
  UpgradeBody,
  UploadBody,
} from "#protocol/request.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { contractAddress } from "#crypto/statements.ts";
import type { CallRequest } from "#host/functions/call.ts";
import type { CallMode } from "#host/functions/environment.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import type { Cluster } from "#exec/cluster.ts";
import { holdsCode, releaseCode, storeCode } from "#exec/code-store.ts";
import type { Contracts } from "#exec/contracts.ts";
import { bear, exchangeCode } from "#exec/life.ts";
import { endRecord, readOwned, writeRecord, writeSecrets } from "#exec/records.ts";
import { SYSTEM_NAMESPACE } from "#exec/replica.ts";
import { removeRuns } from "#exec/runs.ts";
import { removeBook } from "#exec/timetable.ts";

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
  /** Whether all of the contract's own state goes. */
  readonly empties?: boolean;
}

/** Who asks, of which contract, and at which height it would happen. */
export interface Sender {
  readonly account: Uint8Array;
  readonly contract: Uint8Array;
  readonly height: number;
}

/** What a request that runs no code is answered with. */
const NIL: Uint8Array = pack(null);

/**
 * Keeps a call from code that its caller does not know.
 *
 * @throws {@link Fault} `CODE_REPLACED` if it names other code than the contract runs.
 */
export function requireCode(codeHash: Uint8Array, body: CallBody): void {
  if (body.codeHash !== undefined && !equalBytes(body.codeHash, codeHash)) {
    throw new Fault("CODE_REPLACED");
  }
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
   * @throws {@link Fault} `CONTRACT_UNKNOWN`, `CONTRACT_DESTROYED` or `CONTRACT_EXISTS`, by the address.
   * @throws {@link Fault} `CODE_REPLACED` if a call is meant for other code than the contract runs.
   * @throws {@link Fault} `OWNER_ONLY`, `CONTRACT_FROZEN`, `VERSION_OLD` or `UPGRADES_LIMIT` if the
   *   contract cannot be changed so.
   * @throws {@link Fault} `CODE_UNKNOWN` if it names code that the cluster does not hold.
   * @throws {@link Fault} `MODULE_…` or `COMPONENT_MALFORMED` if the code is not admitted.
   * @throws {@link Fault} `OUT_OF_GAS` if the gas limit does not pay for new code.
   */
  prepare(system: Overlay, sender: Sender, body: RequestBody): Prepared {
    switch (body.op) {
      case "call": {
        const { contract } = sender;
        const { codeHash } = this.#contracts.record(system, contract);
        requireCode(codeHash, body);
        const module = this.#contracts.module(system, codeHash);
        const gasLimit = Math.min(body.gasLimit, COMMAND_GAS_MAX);
        const step = { module, mode: "command", call: { ...body, gasLimit } } as const;
        return { contract, codeHash, step, gas: 0 };
      }
      case "deploy":
        return this.#deploy(system, sender, body);
      case "upload":
        return this.#upload(system, sender, body);
      case "upgrade":
        return this.#upgrade(system, sender, body);
      case "freeze":
        return this.#freeze(system, sender, body);
      case "destroy":
        return this.#destroy(system, sender, body);
      default:
        throw new Fault("ENVELOPE_KIND");
    }
  }

  #deploy(system: Overlay, { account, height }: Sender, body: DeployBody): Prepared {
    const { codeHash, module, gas } = this.#code(system, account, body.code, body.gasLimit);
    const { cluster } = this.#cluster.name;
    const birth = { ...body, codeHash };
    const contract = contractAddress(this.#primitives, cluster, account, birth);
    bear(system, contract, account, { height, codeHash });
    writeSecrets(this.#primitives, system, contract, body.secrets);
    const gasLimit = Math.min(body.gasLimit, COMMAND_GAS_MAX) - gas;
    const step = { module, mode: "init", call: { ...body, gasLimit } } as const;
    return { contract, codeHash, step, gas, value: pack(contract) };
  }

  #upload(system: Overlay, { account }: Sender, body: UploadBody): Prepared {
    const { codeHash, gas } = this.#code(system, account, body, body.gasLimit);
    return { contract: SYSTEM_NAMESPACE, codeHash, gas, value: pack(codeHash) };
  }

  #upgrade(system: Overlay, sender: Sender, body: UpgradeBody): Prepared {
    const { account, contract, height } = sender;
    const record = readOwned(system, contract, account, body.version);
    const { codeHash, module, gas } = this.#code(system, account, body.code, body.gasLimit);
    exchangeCode(system, contract, record, { height, codeHash });
    const prepared = { contract, codeHash, gas } as const;
    if (body.method === "") return { ...prepared, value: NIL };
    if (!module.migrates) throw new Fault("METHOD_UNKNOWN");
    const gasLimit = Math.min(body.gasLimit, COMMAND_GAS_MAX) - gas;
    return { ...prepared, step: { module, mode: "migrate", call: { ...body, gasLimit } } };
  }

  #freeze(system: Overlay, { account, contract }: Sender, { version }: FreezeBody): Prepared {
    const record = readOwned(system, contract, account, version);
    writeRecord(system, contract, { ...record, status: "frozen" });
    return { contract, codeHash: record.codeHash, gas: 0, value: NIL };
  }

  #destroy(system: Overlay, { account, contract }: Sender, { version }: DestroyBody): Prepared {
    const record = readOwned(system, contract, account, version);
    endRecord(system, contract, record);
    removeBook(system, contract);
    removeRuns(system, contract);
    releaseCode(system, record.codeHash);
    return { contract, codeHash: record.codeHash, gas: 0, value: NIL, empties: true };
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
