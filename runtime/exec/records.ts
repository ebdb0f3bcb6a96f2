/**
 * Records of contracts in the system namespace: which code, whose, since when, and their secrets.
 *
 * @module
 */
import { concat, equalBytes, utf8 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import {
  contractStatuses,
  encodeHistory,
  parseHistory,
  type CodeChange,
  type ContractStatus,
  type Description,
} from "#protocol/description.ts";
import { Fault } from "#protocol/fault.ts";
import { SECRETS_MAX, UPGRADES_MAX } from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";
import type { Primitives } from "#crypto/primitives.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";

export interface ContractRecord {
  readonly status: ContractStatus;
  /** SHA-256 of the component, 32 bytes; of the last one it ran, if it was destroyed. */
  readonly codeHash: Uint8Array;
  /** Account that deployed it. */
  readonly owner: Uint8Array;
  /** How often its code has changed. */
  readonly version: number;
}

const RECORD_PREFIX = utf8("contract/");
const HISTORY_PREFIX = utf8("history/");
/** Before the values of secrets: of the contract, then of the hash of the name. */
export const SECRET_PREFIX: Uint8Array = utf8("secret/");
const SECRET_NAMES_PREFIX = utf8("secrets/");
const HASH_BYTES = 32;

const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function keyOf(prefix: Uint8Array, address: Uint8Array): Uint8Array {
  return concat([prefix, address]);
}

/** What was read from stored bytes: the state never changes an array, it takes another one. */
const read = new WeakMap<Uint8Array, ContractRecord>();

function findRecord(system: StateReader, address: Uint8Array): ContractRecord | undefined {
  const stored = system.get(keyOf(RECORD_PREFIX, address));
  if (stored === undefined) return undefined;
  const known = read.get(stored);
  if (known !== undefined) return known;
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const record = {
    status: contractStatuses[fields.integer(contractStatuses.length - 1)] ?? fields.fail(),
    codeHash: fields.fixed(HASH_BYTES),
    owner: fields.fixed(HASH_BYTES),
    version: fields.integer(),
  };
  fields.end();
  read.set(stored, record);
  return record;
}

/**
 * The record of a contract that can be called.
 *
 * @throws {@link Fault} `CONTRACT_UNKNOWN` if there never was one at that address.
 * @throws {@link Fault} `CONTRACT_DESTROYED` if there is none any more.
 */
export function readRecord(system: StateReader, address: Uint8Array): ContractRecord {
  const record = findRecord(system, address);
  if (record === undefined) throw new Fault("CONTRACT_UNKNOWN");
  if (record.status === "destroyed") throw new Fault("CONTRACT_DESTROYED");
  return record;
}

/**
 * The record of a contract, for a request that only its owner may make.
 *
 * @param version - What the owner saw; a request that was held back is about an older one.
 * @throws {@link Fault} as {@link readRecord}, `OWNER_ONLY`, `CONTRACT_FROZEN` or `VERSION_OLD`.
 */
export function readOwned(
  system: StateReader,
  address: Uint8Array,
  account: Uint8Array,
  version: number,
): ContractRecord {
  const record = readRecord(system, address);
  if (!equalBytes(record.owner, account)) throw new Fault("OWNER_ONLY");
  if (record.status === "frozen") throw new Fault("CONTRACT_FROZEN");
  if (record.version !== version) throw new Fault("VERSION_OLD", { version: record.version });
  return record;
}

export function writeRecord(system: Overlay, address: Uint8Array, record: ContractRecord): void {
  const { status, codeHash, owner, version } = record;
  const fields = [contractStatuses.indexOf(status), codeHash, owner, integer(version)];
  system.set(keyOf(RECORD_PREFIX, address), pack(fields));
}

/**
 * The first record of a contract.
 *
 * @throws {@link Fault} `CONTRACT_EXISTS` or `CONTRACT_DESTROYED` if the address is taken.
 */
export function createRecord(
  system: Overlay,
  address: Uint8Array,
  owner: Uint8Array,
  first: CodeChange,
): void {
  const taken = findRecord(system, address);
  if (taken?.status === "destroyed") throw new Fault("CONTRACT_DESTROYED");
  if (taken !== undefined) throw new Fault("CONTRACT_EXISTS");
  writeRecord(system, address, { status: "live", codeHash: first.codeHash, owner, version: 0 });
  system.set(keyOf(HISTORY_PREFIX, address), encodeHistory([first]));
}

/** Gives a contract its next code. @throws {@link Fault} `UPGRADES_LIMIT`. */
export function replaceCode(
  system: Overlay,
  address: Uint8Array,
  record: ContractRecord,
  next: CodeChange,
): void {
  const history = readHistory(system, address);
  if (history.length > UPGRADES_MAX) throw new Fault("UPGRADES_LIMIT", { limit: UPGRADES_MAX });
  const { codeHash } = next;
  writeRecord(system, address, { ...record, codeHash, version: record.version + 1 });
  system.set(keyOf(HISTORY_PREFIX, address), encodeHistory([...history, next]));
}

/** Leaves of a contract that it was there, so that its address is never given away again. */
export function endRecord(system: Overlay, address: Uint8Array, record: ContractRecord): void {
  writeRecord(system, address, { ...record, status: "destroyed", version: record.version + 1 });
  system.remove(keyOf(HISTORY_PREFIX, address));
  for (const name of readSecretNames(system, address)) {
    system.remove(concat([SECRET_PREFIX, address, name]));
  }
  system.remove(keyOf(SECRET_NAMES_PREFIX, address));
}

function readHistory(system: StateReader, address: Uint8Array): CodeChange[] {
  const stored = system.get(keyOf(HISTORY_PREFIX, address));
  if (stored === undefined) return [];
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const history = parseHistory(fields);
  fields.end();
  return history;
}

/** What anybody may know. @throws {@link Fault} `CONTRACT_UNKNOWN` if there never was one. */
export function describeContract(
  system: StateReader,
  address: Uint8Array,
): Omit<Description, "httpGrants"> {
  const record = findRecord(system, address);
  if (record === undefined) throw new Fault("CONTRACT_UNKNOWN");
  const { status, owner, version } = record;
  return { status, owner, version, history: readHistory(system, address) };
}

/** Gives a new contract its secrets. */
export function writeSecrets(
  primitives: Primitives,
  system: Overlay,
  address: Uint8Array,
  secrets: readonly (readonly [name: string, value: string])[],
): void {
  if (secrets.length === 0) return;
  const names = new Map(secrets.map(([name, value]) => [name, value]));
  const hashes = [...names].map(([name, value]) => {
    const hash = primitives.sha256(utf8(name));
    system.set(concat([SECRET_PREFIX, address, hash]), utf8(value));
    return hash;
  });
  system.set(keyOf(SECRET_NAMES_PREFIX, address), pack([hashes]));
}

/** Hashes of the names of a contract's secrets. */
function readSecretNames(system: StateReader, address: Uint8Array): Uint8Array[] {
  const stored = system.get(keyOf(SECRET_NAMES_PREFIX, address));
  if (stored === undefined) return [];
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const names = fields.list(SECRETS_MAX, (list) => list.fixed(HASH_BYTES));
  fields.end();
  return names;
}

/** A secret sealed for this contract, if it has one of that name. */
export function readSecret(
  primitives: Primitives,
  system: StateReader,
  address: Uint8Array,
  name: string,
): string | undefined {
  const stored = system.get(concat([SECRET_PREFIX, address, primitives.sha256(utf8(name))]));
  return stored === undefined ? undefined : text.decode(stored);
}
