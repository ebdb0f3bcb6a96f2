/**
 * A place for one test: a temporary folder, the workers started in it, and clients of them.
 *
 * All of it is gone when the test ends, however it ends.
 *
 * @module
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodePrimitives } from "#platform/primitives.ts";
import { connect, Wallet, type AccountClient, type ConnectOptions } from "#sdk/client/index.ts";
import { build, type BuiltContract } from "#sdk/transform/index.ts";
import { WorkerProcess } from "#test/support/worker-process.ts";

/** Registers what must happen at the end: `onTestFinished` or `afterAll`. */
type Cleanup = (work: () => Promise<void>) => void;

export class Site {
  readonly folder = mkdtempSync(join(tmpdir(), "hermetic-e2e-"));
  readonly #workers: WorkerProcess[] = [];
  #copies = 0;

  constructor(atEnd: Cleanup) {
    atEnd(() => this.#close());
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  file(name: string, content: string | Uint8Array): string {
    const path = this.path(name);
    writeFileSync(path, content);
    return path;
  }

  /** A copy of a directory, as an operator makes one. */
  copy(from: string): string {
    const to = this.path(`copy-${++this.#copies}`);
    cpSync(from, to, { recursive: true });
    return to;
  }

  /** Starts a worker without waiting for it. */
  spawn(data: string, flags: readonly string[] = []): WorkerProcess {
    const worker = new WorkerProcess(data, flags);
    this.#workers.push(worker);
    return worker;
  }

  /** Starts a worker and waits until it serves. */
  async worker(data: string, flags: readonly string[] = []): Promise<WorkerProcess> {
    const worker = this.spawn(data, flags);
    await worker.ready;
    return worker;
  }

  /** Workers that have not ended. */
  get running(): readonly WorkerProcess[] {
    return this.#workers.filter(({ isRunning }) => isRunning);
  }

  async #close(): Promise<void> {
    for (const worker of this.running) await worker.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A client on fast primitives. */
export async function account(
  url: string,
  options: ConnectOptions & { readonly wallet?: Wallet } = {},
): Promise<AccountClient> {
  const { wallet = Wallet.generate(), ...rest } = options;
  const trust = { allowSimulated: true };
  const network = await connect(url, { trust, primitives: nodePrimitives, ...rest });
  return network.as(wallet);
}

export function fixturePath(name: string): string {
  return join(import.meta.dirname, "..", "fixtures", `${name}.ts`);
}

/** Compiles a contract of `test/e2e/fixtures`. */
export async function fixture(name: string): Promise<BuiltContract> {
  const { contracts } = await build({ entry: fixturePath(name) });
  const [contract] = contracts;
  if (contract === undefined) throw new Error(`there is no contract in fixtures/${name}.ts`);
  return contract;
}
