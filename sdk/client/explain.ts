/**
 * Words for every coded failure. The enclave sends numbers only; this is where they become sentences.
 *
 * @module
 */
import { faults, readableCode, type FaultCode } from "#protocol/faults.ts";
import { clientErrors, type ClientErrorName } from "#sdk/client/errors/client-errors.ts";
import { buildTable } from "#sdk/client/explain/build.ts";
import { clientTable } from "#sdk/client/explain/client.ts";
import { enclaveTable } from "#sdk/client/explain/enclave.ts";
import type { Explanation } from "#sdk/client/explain/explanation.ts";
import { testkitTable } from "#sdk/client/explain/testkit.ts";
import { workerTable } from "#sdk/client/explain/worker.ts";

export interface Explained extends Explanation {
  /** `HRM` and four digits. */
  readonly code: string;
  /** The name in the fault table or the client's table; empty for the others. */
  readonly name: string;
}

const table: ReadonlyMap<string, Explained> = new Map(
  [...enclaveEntries(), ...clientEntries(), ...others()].map((entry) => [entry.code, entry]),
);

function enclaveEntries(): Explained[] {
  return Object.entries(enclaveTable).map(([name, entry]) => {
    const { number } = faults[name as FaultCode]; // the table's type has exactly these keys
    return { code: readableCode(number), name, ...entry };
  });
}

function clientEntries(): Explained[] {
  return Object.entries(clientTable).map(([name, entry]) => {
    const { number } = clientErrors[name as ClientErrorName]; // likewise
    return { code: `HRM${number}`, name, ...entry };
  });
}

function others(): Explained[] {
  const entries = Object.entries({ ...buildTable, ...workerTable, ...testkitTable });
  return entries.map(([code, entry]) => ({ code, name: "", ...entry }));
}

/**
 * What a code means.
 *
 * @param codeOrName - `HRM1301`, in any case, or a name such as `OUT_OF_GAS`.
 * @returns Nothing for an unknown code.
 */
export function explain(codeOrName: string): Explained | undefined {
  const wanted = codeOrName.trim().toUpperCase();
  const entry = table.get(wanted);
  if (entry !== undefined || wanted === "") return entry;
  return explanations().find(({ name }) => name === wanted);
}

/** Every entry, by code. */
export function explanations(): readonly Explained[] {
  return [...table.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1));
}
