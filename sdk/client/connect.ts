/**
 * `connect`: asks a worker who it is, and believes it only by its evidence.
 *
 * @module
 */
import { apiPaths } from "#protocol/api.ts";
import { toHex } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import { parseInfo, type WorkerInfo } from "#protocol/info.ts";
import { portablePrimitives } from "#crypto/portable/primitives.ts";
import type { Entropy, Primitives } from "#crypto/primitives.ts";
import { countOption } from "#sdk/client/contract/options.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import { Network } from "#sdk/client/network.ts";
import { randomBytes } from "#sdk/client/random.ts";
import { Deadline } from "#sdk/client/transport/deadline.ts";
import { isPassing } from "#sdk/client/transport/deliver.ts";
import { Transport, type Fetch } from "#sdk/client/transport/transport.ts";
import { HeadMemory, type HeadStore } from "#sdk/client/trust/heads.ts";
import type { WorkerIdentity } from "#sdk/client/trust/identity.ts";
import { parsePolicy, type TrustOptions } from "#sdk/client/trust/policy.ts";
import { Signatures } from "#sdk/client/trust/signatures.ts";
import { verifyInfo } from "#sdk/client/trust/verify-info.ts";
import { TrustedWorkers } from "#sdk/client/trust/workers.ts";

export interface ConnectOptions {
  /** Which enclaves to accept. A simulated one is refused unless allowed here. */
  readonly trust?: TrustOptions;
  /** Milliseconds a call may take unless it says otherwise; 60,000 if left out. */
  readonly timeoutMs?: number;
  /** Where the newest state seen is kept, so that a rollback is noticed after a restart too. */
  readonly remember?: HeadStore;
  /** Cryptography to use instead of the portable one, such as one on node:crypto. */
  readonly primitives?: Primitives;
  readonly fetch?: Fetch;
}

const TIMEOUT_MS = 60_000;
/** A worker that restarts is back within seconds; one that is not there should be told soon. */
const CONNECT_MS_MAX = 5_000;

/**
 * Connects to a worker and verifies its enclave.
 *
 * @param url - Of the worker, http or https. What is sent is sealed either way.
 * @throws {@link HermeticError} of kind `trust` if the enclave is refused, `unreachable` if there is no
 *   answer, `usage` for options that cannot be.
 */
export function connect(url: string, options: ConnectOptions = {}): Promise<Network> {
  return connectWith(randomBytes, url, options);
}

/** Connects with a source of entropy of one's own: for worlds of tests, which have to repeat. */
export async function connectWith(
  entropy: Entropy,
  url: string,
  options: ConnectOptions,
): Promise<Network> {
  const primitives = options.primitives ?? portablePrimitives;
  const policy = parsePolicy(options.trust ?? {});
  const timeoutMs = countOption("timeoutMs", options.timeoutMs ?? TIMEOUT_MS);
  const transport = new Transport(url, options.fetch ?? ((input, init) => fetch(input, init)));
  const identify = async (limitMs: number): Promise<WorkerIdentity> => {
    const info = await fetchInfo(transport, new Deadline(limitMs));
    const receivedAtMs = performance.now();
    return { info, simulated: verifyInfo(primitives, policy, info), receivedAtMs };
  };
  const first = await identify(Math.min(timeoutMs, CONNECT_MS_MAX));
  const workers = new TrustedWorkers(first, () => identify(timeoutMs));
  const heads = new HeadMemory(toHex(first.info.cluster), options.remember);
  await heads.load();
  const signatures = new Signatures(primitives);
  return new Network({ transport, entropy, primitives, workers, heads, signatures, timeoutMs });
}

/** The worker's info, not verified. @throws {@link HermeticError} `UNREACHABLE` or `NOT_A_WORKER`. */
async function fetchInfo(transport: Transport, deadline: Deadline): Promise<WorkerInfo> {
  let cause: unknown;
  for (let attempt = 0; attempt === 0 || !deadline.passed; attempt++) {
    if (attempt > 0) await deadline.pause(attempt);
    const answer = await transport.send(apiPaths.info, undefined, deadline, deadline.leftMs);
    if (answer.kind === "ok") return parseUntrusted(answer.body);
    if (!isPassing(answer)) throw clientError("NOT_A_WORKER");
    cause = answer.kind === "lost" ? answer.cause : undefined;
  }
  throw clientError("UNREACHABLE", undefined, { cause });
}

function parseUntrusted(body: Uint8Array): WorkerInfo {
  try {
    return parseInfo(body);
  } catch (error) {
    if (error instanceof Fault) throw clientError("NOT_A_WORKER", "its info cannot be read");
    throw error;
  }
}
