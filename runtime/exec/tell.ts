/**
 * Questions that the enclave answers itself, from what is stored of a contract: no code of it runs.
 *
 * @module
 */
import { equalBytes } from "#protocol/bytes.ts";
import { pack } from "#protocol/codec.ts";
import { encodeDescription } from "#protocol/description.ts";
import { Fault } from "#protocol/fault.ts";
import type { HttpGrant } from "#protocol/http-grant.ts";
import { RESULT_BYTES_MAX } from "#protocol/limits.ts";
import type { RequestBody } from "#protocol/request.ts";
import { encodeSchedule } from "#protocol/schedule.ts";
import type { StateReader } from "#host/state/reader.ts";
import { parseComponent } from "#host/vm/component.ts";
import { holdsCode, loadCode } from "#exec/code-store.ts";
import { describeContract, readRecord, type ContractRecord } from "#exec/records.ts";
import { runsOf } from "#exec/runs.ts";
import { plansOf } from "#exec/timetable.ts";

/** Who asks, and about which contract. */
export interface Asker {
  readonly account: Uint8Array;
  readonly contract: Uint8Array;
}

const INTERFACE_SECTION = "hermetic:abi";

/**
 * The answer to a question.
 *
 * @throws {@link Fault} `ENVELOPE_KIND` if it is none.
 * @throws {@link Fault} `CONTRACT_UNKNOWN`, and where code is asked for also `CONTRACT_DESTROYED`.
 * @throws {@link Fault} `OWNER_ONLY` if it is not for everybody.
 */
export function tellOf(
  system: StateReader,
  { account, contract }: Asker,
  body: RequestBody,
): Uint8Array {
  switch (body.op) {
    case "has-code":
      return pack(holdsCode(system, body.hash));
    case "describe":
      return encodeDescription({
        ...describeContract(system, contract),
        httpGrants: grantsOf(system, contract),
      });
    case "interface":
      return interfaceIn(loadCode(system, requireOwner(system, { account, contract }).codeHash));
    case "schedule":
      requireOwner(system, { account, contract });
      return encodeSchedule({ plans: plansOf(system, contract), runs: runsOf(system, contract) });
    default:
      throw new Fault("ENVELOPE_KIND");
  }
}

/** @throws {@link Fault} `OWNER_ONLY`, or as {@link readRecord}. */
export function requireOwner(system: StateReader, { account, contract }: Asker): ContractRecord {
  const record = readRecord(system, contract);
  if (!equalBytes(record.owner, account)) throw new Fault("OWNER_ONLY");
  return record;
}

/** What the contract's code declares of the outside world; nothing if it has none. */
function grantsOf(system: StateReader, contract: Uint8Array): readonly HttpGrant[] {
  if (describeContract(system, contract).status === "destroyed") return [];
  return parseComponent(loadCode(system, readRecord(system, contract).codeHash)).httpGrants;
}

/** The text of the interface as the build wrote it; read by nobody in here. */
function interfaceIn(component: Uint8Array): Uint8Array {
  const section = parseComponent(component).customs.find(({ name }) => name === INTERFACE_SECTION);
  if (section === undefined) throw new Fault("COMPONENT_MALFORMED");
  const { start, end } = section;
  if (end - start > RESULT_BYTES_MAX) {
    throw new Fault("RESULT_TOO_LARGE", { length: end - start, limit: RESULT_BYTES_MAX });
  }
  return component.slice(start, end);
}
