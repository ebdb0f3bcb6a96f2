/**
 * What a contract has taken of one enclave outside the log: told to its owner, who wonders why it is busy.
 *
 * Nothing in it is of code, which contracts share: the owner of a copy would learn how busy others are.
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import { Fields } from "#protocol/shape.ts";

/** Numbers since the enclave started; other workers of the cluster have their own. */
export interface ContractUsage {
  /** Queries, estimates and commands tried ahead of their height. */
  readonly calls: number;
  /** Those that a cap of the contract refused. */
  readonly refused: number;
  /** What code has run for, and what was compiled: not what a fault took besides. */
  readonly gasUsed: number;
  /** Calls under way now that did not end at once, and bytes of memory that those of them that wait hold. */
  readonly underWay: number;
  readonly heldBytes: number;
}

export function encodeUsage(usage: ContractUsage): Uint8Array {
  const { calls, refused, gasUsed, underWay, heldBytes } = usage;
  return pack([calls, refused, gasUsed, underWay, heldBytes].map(integer));
}

/** @throws {@link Fault} `MESSAGE_MALFORMED` for any other shape. */
export function parseUsage(bytes: Uint8Array): ContractUsage {
  const fields = Fields.parse(bytes, "MESSAGE_MALFORMED");
  const usage = {
    calls: fields.integer(),
    refused: fields.integer(),
    gasUsed: fields.integer(),
    underWay: fields.integer(),
    heldBytes: fields.integer(),
  };
  fields.end();
  return usage;
}
