/**
 * What a contract is, as its cluster tells anybody: whose, and what code it ran since when.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import { parseDescription, type ContractStatus } from "#protocol/description.ts";
import type { HttpGrant } from "#protocol/http-grant.ts";
import { faults, readableCode } from "#protocol/faults.ts";
import { parseSchedule, type ScheduledPlan, type ScheduledRun } from "#protocol/schedule.ts";
import { parseUsage, type ContractUsage } from "#protocol/usage.ts";
import { ANY_CONTRACT } from "#sdk/client/abi/any-contract.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import type { Caller, Verified } from "#sdk/client/call/caller.ts";
import { resultOf } from "#sdk/client/contract/outcome.ts";
import type { Deadline } from "#sdk/client/transport/deadline.ts";

/** Code that a contract runs from a height on. */
export interface CodeVersion {
  readonly height: number;
  /** SHA-256 of the component, hex. */
  readonly codeHash: string;
}

export interface ContractDescription {
  /** A frozen contract can never change again; a destroyed one is gone. */
  readonly status: ContractStatus;
  /** The account that may upgrade, freeze and destroy it. */
  readonly owner: Account;
  readonly version: number;
  /** All code it ever ran, oldest first; empty once it is destroyed. */
  readonly history: readonly CodeVersion[];
  /** What its code may ask of the outside world, by HTTPS. */
  readonly grants: readonly ContractGrant[];
  /** The height that the answer was made at. */
  readonly height: number;
}

/** What a contract may ask of an origin: only an upgrade changes it. */
export interface ContractGrant extends Omit<HttpGrant, "pins"> {
  /** SHA-256 of public keys, hex; none if any certificate that is valid will do. */
  readonly pins: readonly string[];
}

/** The form of grants that people and programs read. */
export function grantsOf(grants: readonly HttpGrant[]): ContractGrant[] {
  return grants.map((grant) => ({ ...grant, pins: grant.pins.map(toHex) }));
}

/** @throws {@link HermeticError} `HRM1321` if there is no contract at that address. */
export async function describeContract(
  caller: Caller,
  contract: Uint8Array,
  deadline: Deadline,
): Promise<ContractDescription> {
  const verified = await caller.query(contract, { op: "describe" }, deadline, 0);
  const { value, height } = enclaveResult(contract, "describe", verified);
  const { status, owner, version, history, httpGrants } = parseDescription(value);
  const versions = history.map((each) => ({ ...each, codeHash: toHex(each.codeHash) }));
  const grants = grantsOf(httpGrants);
  return { status, owner: toHex(owner), version, history: versions, grants, height };
}

/** A call that a contract has planned. */
export type PlannedCall = ScheduledPlan;

/** How a planned call ended: `returned`, the name of the contract's error, or a code such as `HRM1301`. */
export interface PlannedRun {
  readonly height: number;
  readonly method: string;
  readonly gasUsed: number;
  readonly end: string;
}

export interface ContractSchedule {
  readonly plans: readonly PlannedCall[];
  /** The last few, oldest first. */
  readonly runs: readonly PlannedRun[];
  readonly height: number;
}

/** @throws {@link HermeticError} `HRM1332` for anybody but the owner. */
export async function scheduleOf(
  caller: Caller,
  contract: Uint8Array,
  deadline: Deadline,
): Promise<ContractSchedule> {
  const verified = await caller.query(contract, { op: "schedule" }, deadline, 0);
  const { value, height } = enclaveResult(contract, "schedule", verified);
  const { plans, runs } = parseSchedule(value);
  return { plans, runs: runs.map((run) => ({ ...run, end: endText(run.end) })), height };
}

/** @throws {@link HermeticError} `HRM1332` for anybody but the owner. */
export async function usageOf(
  caller: Caller,
  contract: Uint8Array,
  deadline: Deadline,
): Promise<ContractUsage> {
  const verified = await caller.query(contract, { op: "usage" }, deadline, 0);
  return parseUsage(enclaveResult(contract, "usage", verified).value);
}

function endText(end: ScheduledRun["end"]): string {
  if (end === "returned") return end;
  return "error" in end ? end.error : readableCode(faults[end.fault].number);
}

/** The interface of the contract's code, as JSON text: for its owner only. */
export async function interfaceText(
  caller: Caller,
  contract: Uint8Array,
  deadline: Deadline,
): Promise<string> {
  const verified = await caller.query(contract, { op: "interface" }, deadline, 0);
  return new TextDecoder().decode(enclaveResult(contract, "interface", verified).value);
}

/** A result that no code of the contract made. @throws {@link HermeticError} for a fault. */
export function enclaveResult(
  contract: Uint8Array,
  method: string,
  verified: Verified,
): ReturnType<typeof resultOf<Uint8Array>> {
  return resultOf({ abi: ANY_CONTRACT, contract, method }, verified, (value) => value);
}
