/**
 * What a contract pays for calling another one: a caller that does, and one that does not.
 *
 * @module
 */
import { admit } from "#host/vm/admit.ts";
import { interleave, leastDifference, timeRun, warmUp } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";
import { RESULT, type ContractParts } from "#test/support/contract.ts";
import { addressOf, Town } from "#test/support/town.ts";
import { call, constant, vector, type Code } from "#test/support/wasm.ts";

const ROUNDS = 2_001;
const WARM_MS = 300;
const [CALLER, ALONE, CALLED] = [1, 2, 3];
const METHOD = "nothing";
const [TARGET_AT, METHOD_AT, ARGS_AT, AREA] = [512, 576, 640, 704];
const ADDRESS_BYTES = 32;
const QUERY = 1;

function segment(place: number, bytes: Iterable<number>): Code {
  return [0, ...constant(place), 0x0b, ...vector([...bytes].map((byte) => [byte]))];
}

/** Queries the called contract without arguments, gives it all gas, and ignores what it answers. */
const calling: Code = [
  ...[...constant(TARGET_AT), ...constant(ADDRESS_BYTES), ...constant(QUERY)],
  ...[...constant(METHOD_AT), ...constant(METHOD.length), ...constant(ARGS_AT), ...constant(1)],
  ...[...constant(0), 0x42, 0, ...constant(AREA), ...call(0)],
];

function caller(code: Code): ContractParts {
  const data = [
    segment(TARGET_AT, addressOf(CALLED)),
    segment(METHOD_AT, Buffer.from(METHOD, "utf16le")),
    segment(ARGS_AT, [0x90]),
  ];
  return { imports: ["contracts.call"], data, command: [...code, ...constant(RESULT)] };
}

/** @param component - A contract with an empty query `nothing`. */
export async function callsBetweenRows(component: Uint8Array): Promise<Row[]> {
  const town = new Town().settle(CALLED, admit(component));
  town.settle(CALLER, caller(calling)).settle(ALONE, caller([]));
  const called = town.run(CALLED, { mode: "query", method: METHOD, args: Uint8Array.of(0x90) });
  if (called.end.kind !== "returned") throw new Error(`the called contract ${called.end.kind}`);
  const runs = [ALONE, CALLER].map((name) => () => timeRun(() => town.run(name)));
  const [alone, calls] = [ALONE, CALLER].map((name) => town.run(name).gasUsed);
  if ((calls ?? 0) < (alone ?? 0) + called.gasUsed) throw new Error("no contract was called");
  for (const run of runs) await warmUp(run, WARM_MS);
  const [without = [], withCall = []] = interleave(runs, ROUNDS);
  return [
    {
      name: "contract-to-contract call beyond the empty call",
      value: leastDifference(withCall, without),
      unit: "µs",
      bound: { kind: "at most", value: 60 },
    },
  ];
}
