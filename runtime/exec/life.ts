/**
 * The turns in a contract's life, as writes to the system namespace: whoever asks for them, client or contract.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import type { CodeChange } from "#protocol/description.ts";
import { Fault } from "#protocol/fault.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { contractAddress } from "#crypto/statements.ts";
import type { Life } from "#host/functions/chain-site.ts";
import type { Layer } from "#host/state/layer.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { holdsCode, releaseCode, useCode } from "#exec/code-store.ts";
import { createRecord, readRecord, replaceCode, type ContractRecord } from "#exec/records.ts";
import { SYSTEM_NAMESPACE } from "#exec/replica.ts";
import { removePlans } from "#exec/timetable.ts";

export const SYSTEM: string = toHex(SYSTEM_NAMESPACE);

/** Where and when contracts do something to contracts. */
export interface LifeSite {
  /** What addresses bind, 32 bytes. */
  readonly cluster: Uint8Array;
  readonly height: number;
  readonly system: StateReader;
}

/**
 * Makes a contract of code that is held.
 *
 * @throws {@link Fault} `CODE_UNKNOWN`, `CONTRACT_EXISTS` or `CONTRACT_DESTROYED`.
 */
export function bear(
  system: Overlay,
  address: Uint8Array,
  owner: Uint8Array,
  first: CodeChange,
): void {
  createRecord(system, address, owner, first);
  useCode(system, first.codeHash);
}

/** Gives a contract other code that is held. @throws {@link Fault} `CODE_UNKNOWN` or `UPGRADES_LIMIT`. */
export function exchangeCode(
  system: Overlay,
  address: Uint8Array,
  record: ContractRecord,
  next: CodeChange,
): void {
  // In this order: the same code again must not be let go of in between.
  useCode(system, next.codeHash);
  releaseCode(system, record.codeHash);
  replaceCode(system, address, record, next);
  // What comes again is the old code's; the new code plans its own.
  removePlans(system, address, ({ every }) => every > 0);
}

/** What contracts may do to contracts on the way. @param moduleOf - The module of code that is held. */
export function lifeOf(
  primitives: Primitives,
  { cluster, height, system }: LifeSite,
  moduleOf: (codeHash: Uint8Array) => AdmittedModule,
): Life {
  const own = (layer: Layer): Overlay => layer.overlay(SYSTEM, system);
  return {
    code: (layer, codeHash) => {
      if (!holdsCode(layer.view(SYSTEM, system), codeHash)) throw new Fault("CODE_UNKNOWN");
      return moduleOf(codeHash);
    },
    create: (layer, creator, birth) => {
      const address = contractAddress(primitives, cluster, creator, birth);
      bear(own(layer), address, creator, { height, codeHash: birth.codeHash });
      return address;
    },
    upgrade: (layer, address, codeHash) => {
      const record = readRecord(layer.view(SYSTEM, system), address);
      if (record.status === "frozen") throw new Fault("CONTRACT_FROZEN");
      exchangeCode(own(layer), address, record, { height, codeHash });
    },
  };
}
