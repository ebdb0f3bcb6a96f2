/**
 * What anybody may know of a contract: whose it is, what code it runs, and what it ran before.
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import { encodeHttpGrants, parseHttpGrants, type HttpGrant } from "#protocol/http-grant.ts";
import { RESULT_BYTES_MAX, UPGRADES_MAX } from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";

/** A frozen contract can never change again; a destroyed one has neither code nor state. */
export const contractStatuses = ["live", "frozen", "destroyed"] as const;
export type ContractStatus = (typeof contractStatuses)[number];

/** Code that a contract has run from a height on. */
export interface CodeChange {
  readonly height: number;
  /** SHA-256 of the component, 32 bytes. */
  readonly codeHash: Uint8Array;
}

export interface Description {
  readonly status: ContractStatus;
  /** Account that may upgrade, freeze and destroy it, 32 bytes. */
  readonly owner: Uint8Array;
  /** Number of upgrades, and of destruction. */
  readonly version: number;
  /** From deployment to the code it runs now, which is the last; empty once destroyed. */
  readonly history: readonly CodeChange[];
  /** What its code may ask of the outside world; nothing once destroyed. */
  readonly httpGrants: readonly HttpGrant[];
}

export function encodeHistory(history: readonly CodeChange[]): Uint8Array {
  return pack([history.map(plainChange)]);
}

function plainChange({ height, codeHash }: CodeChange): readonly unknown[] {
  return [integer(height), codeHash];
}

/** Reads a list of changes, field by field. */
export function parseHistory(fields: Fields): CodeChange[] {
  return fields.list(UPGRADES_MAX + 1, (list) =>
    list.nested((change) => ({ height: change.integer(), codeHash: change.fixed(32) })),
  );
}

export function encodeDescription(description: Description): Uint8Array {
  const { status, owner, version, history, httpGrants } = description;
  return pack([
    contractStatuses.indexOf(status),
    owner,
    integer(version),
    history.map(plainChange),
    encodeHttpGrants(httpGrants),
  ]);
}

/** @throws {@link Fault} `MESSAGE_MALFORMED` for any other shape. */
export function parseDescription(bytes: Uint8Array): Description {
  const fields = Fields.parse(bytes, "MESSAGE_MALFORMED");
  const status = contractStatuses[fields.integer(contractStatuses.length - 1)] ?? fields.fail();
  const description = {
    status,
    owner: fields.fixed(32),
    version: fields.integer(),
    history: parseHistory(fields),
    httpGrants: parseHttpGrants(fields.bytes(RESULT_BYTES_MAX), "MESSAGE_MALFORMED"),
  };
  fields.end();
  return description;
}
