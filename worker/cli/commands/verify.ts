/**
 * `hermetic verify` and `hermetic build --verify`: whether source, artefact and running contract are one.
 *
 * Anybody can do it: a build gives the same bytes everywhere, and a cluster tells everybody the hash of
 * the code that a contract runs.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { Wallet } from "#sdk/client/index.ts";
import { ANY_CONTRACT } from "#sdk/client/abi/any-contract.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import { abiIn, readFile } from "#worker/cli/files.ts";
import { grantLines } from "#worker/cli/grants-text.ts";
import { isHash } from "#worker/cli/hex.ts";
import type { NetworkFlags } from "#worker/cli/network-flags.ts";
import { openNetwork } from "#worker/cli/network.ts";
import type { Terminal } from "#worker/cli/terminal.ts";
import { usage } from "#worker/cli/usage.ts";
import { WorkerError } from "#worker/error.ts";

interface Built {
  readonly name: string;
  readonly codeHash: string;
  readonly bytes: number;
}

/** @throws {@link WorkerError} `BUILD_DIFFERS` unless one of the contracts builds to that hash. */
export async function verifyBuild(
  terminal: Terminal,
  expected: string,
  entry: string,
): Promise<void> {
  if (!isHash(expected)) throw usage("--verify takes a code hash of 64 hexadecimal digits");
  const hash = expected.replace(/^0x/, "").toLowerCase();
  const built = await buildAll(terminal, entry);
  const found = built.find(({ codeHash }) => codeHash === hash);
  if (found === undefined) {
    const names = built.map(({ name, codeHash }) => `${name} builds to ${codeHash}`);
    throw new WorkerError("BUILD_DIFFERS", { subject: names.join(", ") });
  }
  terminal.result({ ...found, verified: true }, [`${found.name} builds to this code`]);
}

/**
 * Compares what a contract runs with a `.wasm`, or with what a source builds to.
 *
 * @throws {@link HermeticError} `CODE_CHANGED` if it runs other code.
 */
export async function verifyContract(
  terminal: Terminal,
  flags: NetworkFlags,
  address = "",
  path = ".",
): Promise<void> {
  const built = path.endsWith(".wasm") ? [componentAt(path)] : await buildAll(terminal, path);
  const account = (await openNetwork(flags)).as(Wallet.generate());
  const contract = account.contract(ANY_CONTRACT, address);
  const { history, status, version, grants } = await terminal.progress(
    "asking",
    contract.describe(),
  );
  const codeHash = history.at(-1)?.codeHash ?? "";
  const found = built.find((each) => each.codeHash === codeHash);
  if (found === undefined) throw clientError("CODE_CHANGED", `it is ${codeHash || "gone"}`);
  const { name } = found;
  const facts = { address: contract.address, name, codeHash, status, version, grants };
  terminal.result({ ...facts, verified: true }, [
    `${contract.address} runs ${name}`,
    `code hash ${codeHash}`,
    `status    ${status}${status === "frozen" ? "" : ": its owner may change it"}`,
    ...grantLines(grants),
  ]);
}

async function buildAll(terminal: Terminal, entry: string): Promise<Built[]> {
  const { build } = await import("#sdk/transform/index.ts");
  const { contracts } = await terminal.progress("building", build({ entry }));
  return contracts.map(({ name, codeHash, wasm }) => ({ name, codeHash, bytes: wasm.length }));
}

function componentAt(path: string): Built {
  const component = readFile(path);
  const codeHash = createHash("sha256").update(component).digest("hex");
  return { name: abiIn(path, component).contract, codeHash, bytes: component.length };
}
