/**
 * What a trusted execution environment must offer: the place where real hardware plugs in.
 *
 * A driver is a measurement, an evidence maker and a sealing key; nothing above knows which one it is.
 *
 * @module
 */
import type { Evidence } from "#protocol/info.ts";

export interface Tee {
  /** SHA-256 of the running enclave bundle, 32 bytes, as the hardware measured it. */
  readonly measurement: Uint8Array;
  /**
   * Evidence that this enclave vouches for `reportData`.
   *
   * @param reportData - 32 bytes; see `reportData` in the crypto layer.
   */
  evidence(reportData: Uint8Array): Evidence;
  /**
   * Key that only this kind of enclave on this machine can have, 32 bytes.
   *
   * @param untrustedSecret - What the operator passed for a simulated machine; real drivers ignore it.
   */
  sealingKey(untrustedSecret: Uint8Array): Uint8Array;
}
