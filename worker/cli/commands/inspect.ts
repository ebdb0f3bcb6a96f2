/**
 * `hermetic inspect`: what a component, a deployed contract or a worker is.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { abiOf, Wallet, type ContractUsage } from "#sdk/client/index.ts";
import { ANY_CONTRACT } from "#sdk/client/abi/any-contract.ts";
import { artefactGrants, sectionText } from "#sdk/client/artefact.ts";
import { readFile } from "#worker/cli/files.ts";
import { grantLines } from "#worker/cli/grants-text.ts";
import { isHash } from "#worker/cli/hex.ts";
import { interfaceLines } from "#worker/cli/interface-text.ts";
import type { AccountFlags, NetworkFlags } from "#worker/cli/network-flags.ts";
import { openAccount, openNetwork } from "#worker/cli/network.ts";
import { shown, type Terminal } from "#worker/cli/terminal.ts";
import { WorkerError } from "#worker/error.ts";

export async function inspect(terminal: Terminal, flags: AccountFlags, target = ""): Promise<void> {
  if (/^https?:\/\//.test(target)) await inspectWorker(terminal, { ...flags, to: target });
  else if (isHash(target)) await inspectContract(terminal, flags, target);
  else inspectComponent(terminal, target);
}

function inspectComponent(terminal: Terminal, path: string): void {
  const component = readFile(path);
  const codeHash = createHash("sha256").update(component).digest("hex");
  try {
    const abi = abiOf(component);
    const build = JSON.parse(sectionText(component, "hermetic:build")) as Record<string, string>;
    const bytes = component.length;
    const grants = artefactGrants(component);
    terminal.result({ contract: abi.contract, codeHash, bytes, build, grants, abi }, [
      ...interfaceLines(abi),
      "",
      ...grantLines(grants),
      "",
      `code hash ${codeHash}`,
      `bytes     ${bytes}`,
      ...Object.entries(build).map(
        ([name, value]) => `${shown(name).padEnd(9)} ${shown(String(value))}`,
      ),
    ]);
  } catch (cause) {
    throw new WorkerError("ARTEFACT_INVALID", { subject: path, cause });
  }
}

async function inspectWorker(terminal: Terminal, flags: NetworkFlags): Promise<void> {
  const { worker } = await openNetwork(flags);
  const kind = worker.simulated
    ? "simulated: protects nothing from the machine's owner"
    : "genuine";
  terminal.result(worker, [
    `cluster     ${worker.cluster}`,
    `measurement ${worker.measurement}`,
    `evidence    ${kind}`,
    `epoch       ${worker.epoch}, boot ${worker.bootEpoch}`,
    `height      ${worker.untrustedHeight} (as the worker claims)`,
    `grants      ${shown(worker.config.egressGrants.join(", ")) || "none"}`,
    `extra roots ${worker.config.extraRoots.length}`,
  ]);
}

/** Asks the cluster what it tells anybody. */
async function inspectContract(
  terminal: Terminal,
  flags: AccountFlags,
  address: string,
): Promise<void> {
  const account =
    flags.key === undefined
      ? (await openNetwork(flags)).as(Wallet.generate())
      : await openAccount(flags);
  const contract = account.contract(ANY_CONTRACT, address);
  const told = await terminal.progress("asking", contract.describe());
  const { status, owner, version, history, grants, height } = told;
  // Only the owner is told what the contract has planned.
  const isOwn = account.account === owner && status !== "destroyed";
  const { plans, runs } = isOwn ? await contract.schedule() : { plans: [], runs: [] };
  const codeHash = history.at(-1)?.codeHash ?? null;
  const schedule = isOwn ? { plans, runs } : undefined;
  const usage = isOwn ? await contract.usage() : undefined;
  const result = { address, codeHash, height, status, owner, version, history, grants };
  terminal.result({ ...result, schedule, usage }, [
    `address   ${address}`,
    `status    ${status}`,
    `owner     ${owner}`,
    `code hash ${codeHash ?? "none"}`,
    ...history.map((each) => `  from height ${each.height}: ${each.codeHash}`),
    ...grantLines(grants),
    ...plans.map(({ height: at, method }) => `planned   ${shown(method)} at height ${at}`),
    ...runs.map(
      ({ height: at, method, end }) => `ran       ${shown(method)} at height ${at}: ${shown(end)}`,
    ),
    ...(usage === undefined ? [] : usageLines(usage)),
    terminal.style("dim", `height ${height}`),
  ]);
}

/** What the contract takes of this worker, since it started. */
function usageLines(usage: ContractUsage): string[] {
  const { calls, refused, gasUsed, underWay, heldBytes } = usage;
  return [
    `queries   ${calls} (${refused} refused), ${gasUsed} gas, ${underWay} under way holding ${heldBytes} bytes`,
  ];
}
