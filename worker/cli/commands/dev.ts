/**
 * `hermetic dev`: a local worker, and the project's contracts on it, built again when they change.
 *
 * Its data, key and artefacts live in `.hermetic/` of the project and last from run to run.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, Wallet, type AccountClient } from "#sdk/client/index.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { readWallet } from "#worker/cli/commands/keys.ts";
import { makeFolder, writeNew } from "#worker/cli/files.ts";
import { failureOf } from "#worker/cli/failure.ts";
import { methodLines } from "#worker/cli/interface-text.ts";
import { enclaveBundle } from "#worker/cli/package.ts";
import { Sources } from "#worker/cli/sources.ts";
import { stopSignal } from "#worker/cli/stop-signal.ts";
import type { Terminal } from "#worker/cli/terminal.ts";
import { sayFailure } from "#worker/cli/verb.ts";
import { createReport } from "#worker/report.ts";
import { startWorker } from "#worker/start.ts";

/** Milliseconds between two looks at the sources. */
const LOOK_MS = 250;
/** Milliseconds from a change to its build: editors write in several steps. */
const QUIET_MS = 150;
const KEY_MODE = 0o600;

interface Session {
  readonly terminal: Terminal;
  readonly entry: string;
  readonly home: string;
  readonly url: string;
  readonly account: AccountClient;
  readonly sources: Sources;
  /** Code hash of what runs, by contract. */
  readonly deployed: Map<string, string>;
}

export async function develop(terminal: Terminal, _options: object, entry = "."): Promise<void> {
  const home = resolve(".hermetic");
  makeFolder(home);
  const report = createReport((line) => process.stderr.write(line), process.stderr.isTTY === true);
  const stopped = stopSignal();
  const worker = await startWorker({
    dataPath: join(home, "data"),
    bundle: enclaveBundle,
    listen: { host: "127.0.0.1", port: 0 },
    report,
  });
  try {
    const { url } = worker;
    const network = await connect(url, { trust: { allowSimulated: true } });
    const account = network.as(devWallet(join(home, "dev.key")));
    terminal.result({ event: "ready", url, key: join(home, "dev.key") }, [
      `local worker (simulated) at ${url}`,
    ]);
    const sources = new Sources(entry);
    const deployed = new Map<string, string>();
    const session = { terminal, entry, home, url, account, sources, deployed };
    await Promise.race([stopped, worker.failed, buildAgainAndAgain(session)]);
  } finally {
    await worker.stop();
  }
}

function devWallet(path: string): Wallet {
  if (!existsSync(path)) writeNew(path, JSON.stringify(Wallet.generate().exportKey()), KEY_MODE);
  return readWallet(path);
}

/** Builds now and after every change. */
async function buildAgainAndAgain(session: Session): Promise<never> {
  for (;;) {
    await session.sources.note();
    await refresh(session);
    while (!(await session.sources.haveChanged())) await sleep(LOOK_MS);
    await sleep(QUIET_MS);
  }
}

/** Builds, and deploys what changed. A mistake is shown; the next change may mend it. */
async function refresh(session: Session): Promise<void> {
  const { terminal, entry, home, deployed, sources } = session;
  const { build, BuildError, formatDiagnostic } = await import("#sdk/transform/index.ts");
  try {
    const outDir = join(home, "build");
    const { contracts } = await terminal.progress("building", build({ entry, outDir }));
    for (const contract of contracts) {
      sources.add(contract.inputs);
      if (deployed.get(contract.name) === contract.codeHash) continue;
      for (const warning of contract.warnings) {
        terminal.note(`warning ${formatDiagnostic(warning)}\n`);
      }
      await deployOne(session, contract);
      deployed.set(contract.name, contract.codeHash);
    }
  } catch (error) {
    if (error instanceof BuildError) sources.add(error.inputs);
    sayFailure(terminal, failureOf(error));
  }
}

async function deployOne(session: Session, contract: BuiltContract): Promise<void> {
  const { terminal, home, url, account } = session;
  const { name, abi, codeHash, wasm, paths } = contract;
  const key = join(home, "dev.key");
  const flags = `--to ${url} --key ${key} --allow-simulated`;
  const init = abi.methods.find(({ kind }) => kind === "init");
  if (init !== undefined && init.inputs.length > 0) {
    const wanted = init.inputs.map((input) => `${input.name}=…`).join(" ");
    terminal.result({ event: "built", name, codeHash, wasm: paths?.wasm }, [
      `${name} is built; deploy it with:`,
      `  hermetic deploy ${paths?.wasm ?? ""} ${wanted} ${flags}`,
    ]);
    return;
  }
  const { address } = await account.deploy({ wasm, abi });
  terminal.result({ event: "deployed", name, address, codeHash, abi: paths?.abiJson }, [
    `${name} is deployed at ${address}`,
    ...abi.methods
      .filter(({ kind }) => kind !== "init")
      .flatMap(methodLines)
      .map((line) => `  ${line}`),
    `  hermetic query ${address} METHOD --abi ${paths?.abiJson ?? ""} ${flags}`,
  ]);
}
