/**
 * Records of contracts in the system namespace: which code, whose, since when, and their secrets.
 *
 * @module
 */
import { concat, utf8 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import { Fields } from "#protocol/shape.ts";
import type { Primitives } from "#crypto/primitives.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";

export interface ContractRecord {
  /** SHA-256 of the component, 32 bytes. */
  readonly codeHash: Uint8Array;
  /** Account that deployed it. */
  readonly owner: Uint8Array;
  readonly height: number;
}

const RECORD_PREFIX = utf8("contract/");
const SECRET_PREFIX = utf8("secret/");

const text = new TextDecoder("utf-8", { fatal: true });

function recordKey(address: Uint8Array): Uint8Array {
  return concat([RECORD_PREFIX, address]);
}

/** @throws {@link Fault} `CONTRACT_UNKNOWN` if there is none at that address. */
export function readRecord(system: StateReader, address: Uint8Array): ContractRecord {
  const stored = system.get(recordKey(address));
  if (stored === undefined) throw new Fault("CONTRACT_UNKNOWN");
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const record = {
    codeHash: fields.fixed(32),
    owner: fields.fixed(32),
    height: fields.integer(),
  };
  fields.end();
  return record;
}

/** @throws {@link Fault} `CONTRACT_EXISTS` if the address is taken. */
export function createRecord(system: Overlay, address: Uint8Array, record: ContractRecord): void {
  if (system.get(recordKey(address)) !== undefined) throw new Fault("CONTRACT_EXISTS");
  const { codeHash, owner, height } = record;
  system.set(recordKey(address), pack([codeHash, owner, integer(height)]));
}

function secretKey(primitives: Primitives, address: Uint8Array, name: string): Uint8Array {
  return concat([SECRET_PREFIX, address, primitives.sha256(utf8(name))]);
}

/** Gives a contract its secrets. */
export function writeSecrets(
  primitives: Primitives,
  system: Overlay,
  address: Uint8Array,
  secrets: readonly (readonly [name: string, value: string])[],
): void {
  for (const [name, value] of secrets) {
    system.set(secretKey(primitives, address, name), utf8(value));
  }
}

/** A secret sealed for this contract, if it has one of that name. */
export function readSecret(
  primitives: Primitives,
  system: StateReader,
  address: Uint8Array,
  name: string,
): string | undefined {
  const stored = system.get(secretKey(primitives, address, name));
  return stored === undefined ? undefined : text.decode(stored);
}
