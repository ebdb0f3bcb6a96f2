/**
 * `AccountClient`: a network as one account sees it. Deploys contracts and gives handles of them.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import { toHex } from "#protocol/bytes.ts";
import { hexBytes } from "#sdk/client/abi/hex.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import { parseAbi } from "#sdk/client/abi/parse.ts";
import type { Artefact } from "#sdk/client/artefact.ts";
import { Caller } from "#sdk/client/call/caller.ts";
import type { Connection } from "#sdk/client/call/connection.ts";
import { upload } from "#sdk/client/contract/code.ts";
import { Contract } from "#sdk/client/contract/contract.ts";
import type { CodeVersion } from "#sdk/client/contract/description.ts";
import { deploy, type DeployOptions } from "#sdk/client/contract/deploy.ts";
import type { CommandOptions } from "#sdk/client/contract/handle.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import type { AccountSigner } from "#sdk/client/wallet.ts";

export interface ContractOptions {
  /**
   * Code that may see calls: SHA-256 of the component, as deploy reported it. Left out, it is whatever
   * code answers first.
   */
  readonly codeHash?: Uint8Array | string;
  /** Also call code that the owner puts in its place. Code decides what becomes of what you send. */
  readonly followUpgrades?: boolean;
}

const ADDRESS_BYTES = 32;

export class AccountClient {
  /** The account: its public key in lower-case hexadecimal. */
  readonly account: Account;
  readonly #connection: Connection;
  readonly #caller: Caller;

  constructor(connection: Connection, signer: AccountSigner) {
    this.account = toHex(signer.publicKey);
    this.#connection = connection;
    this.#caller = new Caller(connection, signer);
  }

  /**
   * Deploys a contract and runs its `@init` method.
   *
   * @param artefact - The component's bytes, or these with an `as const` ABI for a typed handle.
   * @returns A handle; its `deployment` tells height, gas and code hash.
   * @throws {@link ContractError} if `@init` refused.
   * @throws {@link HermeticError} `ARTEFACT_INVALID`, `ABI_INVALID`, `VALUE_INVALID` or `OPTION_INVALID` for what
   *   cannot be sent, `OUTCOME_UNKNOWN` if no sealed answer came, or of kind `trust`, `unreachable` or `fault`.
   */
  deploy<const A extends Abi = Abi>(
    artefact: Artefact<A>,
    options: DeployOptions<A> = {},
  ): Promise<Contract<A>> {
    return deploy(this.#connection, this.#caller, artefact, options);
  }

  /**
   * Gives code to the cluster without making a contract of it, for contracts to come.
   *
   * @returns SHA-256 of the component, hex. The cluster keeps code that no contract runs for a while.
   * @throws {@link HermeticError} `ARTEFACT_INVALID` for what is too large, `OUTCOME_UNKNOWN` if no sealed answer
   *   came, of kind `fault` if the enclave does not admit it, or `trust` or `unreachable`.
   */
  async upload(artefact: Artefact, options: CommandOptions = {}): Promise<CodeVersion> {
    const component = artefact instanceof Uint8Array ? artefact : artefact.wasm;
    return upload(this.#caller, component, options);
  }

  /**
   * The handle of a contract that is already deployed. Sends nothing.
   *
   * @param abi - What `hermetic build` wrote; typed if it is `as const`.
   * @throws {@link HermeticError} `ADDRESS_INVALID`, `ABI_INVALID` or `OPTION_INVALID`.
   */
  contract<const A extends Abi>(
    abi: A,
    address: Account | Uint8Array,
    options: ContractOptions = {},
  ): Contract<A> {
    parseAbi(abi);
    const bytes = hashBytes(address);
    if (bytes === undefined) throw clientError("ADDRESS_INVALID");
    const codeHash = options.codeHash === undefined ? undefined : hashBytes(options.codeHash);
    if (options.codeHash !== undefined && codeHash === undefined) {
      throw clientError("OPTION_INVALID", "codeHash is not 32 bytes");
    }
    const { followUpgrades } = options;
    if (followUpgrades === true && codeHash !== undefined) {
      throw clientError("OPTION_INVALID", "codeHash and followUpgrades contradict each other");
    }
    return new Contract(this.#caller, { abi, address: bytes, codeHash, followUpgrades });
  }
}

function hashBytes(value: Uint8Array | string): Uint8Array | undefined {
  const bytes = typeof value === "string" ? hexBytes(value) : value;
  return bytes?.length === ADDRESS_BYTES ? new Uint8Array(bytes) : undefined;
}
