/**
 * Makes an enclave from the very code that workers run, with powers a test controls.
 *
 * @module
 */
import { createSimulatedTee } from "#attest/simulated.ts";
import { Enclave } from "#exec/enclave.ts";
import type { Watch } from "#host/functions/watch.ts";
import type { AdmitOptions } from "#host/vm/admit.ts";
import type { HttpCapability } from "#exec/powers.ts";
import { framed } from "#protocol/bytes.ts";
import type { ClusterConfig } from "#protocol/info.ts";
import type { EnclaveToWorker } from "#protocol/messages.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import type { Clock } from "#sdk/testing/enclave/clock.ts";
import type { EnclavePrimitives } from "#crypto/enclave-primitives.ts";
import type { Entropy } from "#crypto/primitives.ts";

/** There is no bundle to measure: the measurement names the kit. */
const MEASUREMENT = nodePrimitives.sha256(framed("hermetic/testing"));

export interface EnclavePowers {
  readonly primitives: EnclavePrimitives;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly http: (config: ClusterConfig) => HttpCapability;
  readonly send: (message: EnclaveToWorker) => void;
  readonly abort: (error: unknown) => void;
  readonly watch: Watch;
  readonly instrument: AdmitOptions["instrument"];
}

export function makeEnclave(powers: EnclavePowers): Enclave {
  const { primitives, clock, entropy, http, send, abort, watch, instrument } = powers;
  return new Enclave({
    primitives,
    entropy,
    untrustedClockMs: () => clock.ms,
    nextTurn: () => new Promise((resolve) => void setImmediate(resolve)),
    tee: createSimulatedTee(nodePrimitives, MEASUREMENT),
    http,
    // When `world.pass()` returns, what was planned has run.
    runsLogAtOnce: true,
    locatesTraps: true,
    watch,
    instrument,
    send,
    abort,
  });
}
