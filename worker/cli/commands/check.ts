/**
 * `hermetic check`: whether the contracts build, and whether an upgrade to them would lose stored state.
 *
 * @module
 */
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { compareLayouts, layoutLine, type Abi, type LayoutChange } from "#sdk/client/index.ts";
import { ANY_CONTRACT } from "#sdk/client/abi/any-contract.ts";
import { refuseLoss } from "#sdk/client/contract/layout.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { failureOf } from "#worker/cli/failure.ts";
import { readAbi } from "#worker/cli/files.ts";
import { isHash } from "#worker/cli/hex.ts";
import type { AccountFlags } from "#worker/cli/network-flags.ts";
import { openAccount } from "#worker/cli/network.ts";
import { shown, type Terminal } from "#worker/cli/terminal.ts";
import { usage } from "#worker/cli/usage.ts";
import { sayFailure } from "#worker/cli/verb.ts";

export interface CheckFlags extends AccountFlags {
  readonly against?: string;
  readonly acceptLoss?: boolean;
}

/** Builds everything and writes nothing. @returns The exit code of the first contract that is refused. */
export async function checkContracts(
  terminal: Terminal,
  flags: CheckFlags,
  entry = ".",
): Promise<number> {
  const { build, formatDiagnostic } = await import("#sdk/transform/index.ts");
  const { contracts } = await terminal.progress("building", build({ entry }));
  for (const { warnings } of contracts) {
    for (const warning of warnings) terminal.note(`warning ${formatDiagnostic(warning)}\n`);
  }
  const earlier = await earlierOf(terminal, flags, contracts);
  const codes = contracts.map((contract) =>
    checkOne(terminal, contract, earlier.get(contract.entry), flags.acceptLoss === true),
  );
  return codes.find((code) => code !== 0) ?? 0;
}

/** The interfaces to compare with, by the file of the contract that each belongs to. */
async function earlierOf(
  terminal: Terminal,
  flags: CheckFlags,
  contracts: readonly BuiltContract[],
): Promise<ReadonlyMap<string, Abi>> {
  const { against } = flags;
  if (against === undefined) return new Map();
  if (isHash(against)) {
    const contract = (await openAccount(flags)).contract(ANY_CONTRACT, against);
    return only(contracts, await terminal.progress("asking", contract.interface()));
  }
  if (statSync(against, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return only(contracts, readAbi(against));
  }
  const pairs = contracts.flatMap(({ entry }): [string, Abi][] => {
    const file = join(against, `${basename(entry, ".ts")}.wasm`);
    return statSync(file, { throwIfNoEntry: false }) ? [[entry, readAbi(file)]] : [];
  });
  if (pairs.length === 0) throw usage(`there is no artefact of these contracts in ${against}`);
  return new Map(pairs);
}

/** One interface belongs to the one contract there is, or to the one of that name. */
function only(contracts: readonly BuiltContract[], abi: Abi): ReadonlyMap<string, Abi> {
  const named = contracts.filter(({ name }) => name === abi.contract);
  const [contract, ...others] = contracts.length === 1 ? contracts : named;
  if (contract !== undefined && others.length === 0) return new Map([[contract.entry, abi]]);
  throw usage(`${abi.contract} is not one of these contracts: name its file`);
}

function checkOne(
  terminal: Terminal,
  { name, abi, codeHash, wasm, warnings }: BuiltContract,
  before: Abi | undefined,
  acceptsLoss: boolean,
): number {
  const layout = before === undefined ? undefined : compareLayouts(before, abi);
  const lines = (layout ?? []).map((change) => `  ${shown(layoutLine(change))}`);
  try {
    if (!acceptsLoss) refuseLoss(abi, layout ?? []);
  } catch (error) {
    if (!terminal.isJson) terminal.result(undefined, [name, ...lines]);
    const failure = failureOf(error);
    return sayFailure(terminal, { ...failure, args: { contract: name, layout: json(layout) } });
  }
  const said = layout === undefined ? "" : layout.length === 0 ? ": stores what it did" : ":";
  terminal.result({ name, codeHash, bytes: wasm.length, warnings, layout }, [
    `${name} builds${said}`,
    ...lines,
  ]);
  return 0;
}

function json(layout: readonly LayoutChange[] = []): Record<string, string | boolean>[] {
  return layout.map((change) => ({ ...change }));
}
