/**
 * `ContractError`: the contract refused, with a typed error of its own.
 *
 * @module
 */
import type { CallReport } from "#sdk/client/call/report.ts";
import { printable } from "#sdk/client/errors/printable.ts";

export interface ContractErrorValue<Name extends string, Args> {
  /** The name of the contract's `@error` class. */
  readonly name: Name;
  /** Its fields by name. */
  readonly args: Args;
}

export class ContractError<
  Name extends string = string,
  Args = Readonly<Record<string, unknown>>,
> extends Error {
  /** The name of the contract's `@error` class. */
  override readonly name: Name;
  /** Its fields by name, decoded. */
  readonly args: Args;
  /** Address of the contract. */
  readonly contract: string;
  /** Gas, height, logs and proof of the call that failed. */
  readonly call: CallReport;

  constructor(value: ContractErrorValue<Name, Args>, call: CallReport) {
    super(
      `${call.method} of contract ${call.contract.slice(0, 8)}… failed with ${describe(value)}`,
    );
    this.name = value.name;
    this.args = value.args;
    this.contract = call.contract;
    this.call = call;
  }
}

/** Name and field names: values may be confidential, so a log line does not show them. */
function describe(value: ContractErrorValue<string, unknown>): string {
  const { name, args } = value;
  const fields = typeof args === "object" && args !== null ? Object.keys(args) : [];
  return printable(fields.length === 0 ? name : `${name} { ${fields.join(", ")} }`);
}
