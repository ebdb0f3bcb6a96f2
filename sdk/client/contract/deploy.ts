/**
 * Deploys an artefact: seals code, arguments and secrets, and checks what came of it.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import { equalBytes, fromHex, toHex } from "#protocol/bytes.ts";
import { NO_CONTRACT } from "#protocol/envelope.ts";
import {
  COMMAND_GAS_MAX,
  NAME_LENGTH_MAX,
  SALT_BYTES_MAX,
  SECRET_LENGTH_MAX,
  SECRETS_MAX,
} from "#protocol/limits.ts";
import type { DeployBody } from "#protocol/request.ts";
import { contractAddress } from "#crypto/statements.ts";
import { encodeArgs, NO_ARGUMENTS } from "#sdk/client/abi/encode.ts";
import { initOf } from "#sdk/client/abi/lookup.ts";
import { openArtefact, type Artefact } from "#sdk/client/artefact.ts";
import type { Caller } from "#sdk/client/call/caller.ts";
import { sendWithCode } from "#sdk/client/contract/code.ts";
import type { Connection } from "#sdk/client/call/connection.ts";
import { Contract } from "#sdk/client/contract/contract.ts";
import type { CommandOptions, InitArgs } from "#sdk/client/contract/handle.ts";
import { countOption, gasOption } from "#sdk/client/contract/options.ts";
import { resultOf } from "#sdk/client/contract/outcome.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import type { Entropy } from "#crypto/primitives.ts";
import { Deadline } from "#sdk/client/transport/deadline.ts";

export interface DeployOptions<A extends Abi = Abi> extends CommandOptions {
  /** Arguments of the `@init` method, by name or in order. */
  readonly args?: InitArgs<A>;
  /**
   * Up to 32 bytes, or hexadecimal digits. The address follows from account, code, arguments and salt.
   * Left out, it is random, and every deployment is a new contract.
   */
  readonly salt?: Uint8Array | string;
  /** Secrets that only the contract can read, by name. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** What a contract without `@init` answers to. */
const NO_INIT = "init";
/** MessagePack of a byte string of 32: what a deployment returns. */
const ADDRESS_PREFIX = Uint8Array.of(0xc4, 32);

/** @throws {@link HermeticError} of any kind; {@link ContractError} if `@init` refused. */
export async function deploy<A extends Abi>(
  connection: Connection,
  caller: Caller,
  artefact: Artefact<A>,
  options: DeployOptions<A>,
): Promise<Contract<A>> {
  const { component, abi } = openArtefact(artefact);
  const { primitives, workers } = connection;
  const { cluster } = workers.current.info;
  const codeHash = primitives.sha256(component);
  const birth = birthOf(abi, options, connection.entropy);
  const account = caller.signer.publicKey;
  const address = contractAddress(primitives, cluster, account, { ...birth, codeHash });
  const timeoutMs = countOption("timeoutMs", options.timeoutMs ?? connection.timeoutMs);
  const deadline = new Deadline(timeoutMs, options.signal);
  const code = { component, hash: codeHash };
  const verified = await sendWithCode(caller, code, deadline, (own) => {
    const body = { ...birth, code: own };
    return caller.command(NO_CONTRACT, [address, NO_CONTRACT], body, deadline);
  });
  const called = { abi, contract: address, method: birth.method };
  const result = resultOf(called, verified, (value) => value);
  const { reply } = verified;
  const isOurs = [...ADDRESS_PREFIX, ...address].every((byte, i) => result.value[i] === byte);
  if (!isOurs || !equalBytes(reply.codeHash, codeHash)) throw clientError("REPLY_MALFORMED");
  const { height, gasUsed, events, logs, proof } = result;
  const deployment = { height, gasUsed, codeHash: toHex(codeHash), events, logs, proof };
  return new Contract(caller, { abi, address, codeHash, deployment });
}

/** A deployment, but for its code. */
function birthOf<A extends Abi>(
  abi: A,
  options: DeployOptions<A>,
  entropy: Entropy,
): Omit<DeployBody, "code"> {
  const init = initOf(abi);
  if (init === undefined && Object.keys(options.args ?? {}).length > 0) {
    throw clientError("VALUE_INVALID", `args: ${abi.contract} has no @init method`);
  }
  return {
    op: "deploy",
    salt: saltBytes(options.salt, entropy),
    method: init?.name ?? NO_INIT,
    args: init === undefined ? NO_ARGUMENTS : encodeArgs(abi, init, options.args),
    gasLimit: gasOption(options.gasLimit, COMMAND_GAS_MAX),
    secrets: secretsOf(options.secrets ?? {}),
  };
}

function saltBytes(salt: Uint8Array | string | undefined, entropy: Entropy): Uint8Array {
  if (salt === undefined) return entropy(SALT_BYTES_MAX);
  const bytes = typeof salt === "string" ? fromHex(salt) : salt;
  if (bytes === undefined || bytes.length > SALT_BYTES_MAX) {
    throw clientError("OPTION_INVALID", `salt is not up to ${SALT_BYTES_MAX} bytes`);
  }
  return bytes;
}

function secretsOf(secrets: Readonly<Record<string, string>>): [name: string, value: string][] {
  const pairs = Object.entries(secrets);
  if (pairs.length > SECRETS_MAX) {
    throw clientError("OPTION_INVALID", `secrets has more than ${SECRETS_MAX} entries`);
  }
  for (const [i, [name, value]] of pairs.entries()) {
    const isText = typeof value === "string" && value.isWellFormed() && name.isWellFormed();
    if (!isText || name.length > NAME_LENGTH_MAX || value.length > SECRET_LENGTH_MAX) {
      throw clientError("OPTION_INVALID", `entry ${i} of secrets is too long or is no text`);
    }
  }
  return pairs;
}
