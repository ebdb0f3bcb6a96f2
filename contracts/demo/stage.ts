/**
 * The machines of the demonstration: a rates server, a worker, and a wiretap in front of each.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalHttps } from "#sdk/testing/https/server.ts";
import { operatorViews, type View } from "./operator.ts";
import { startRates } from "./rates.ts";
import { Tap } from "./tap.ts";
import { WorkerProcess } from "./worker-process.ts";

export class Stage {
  readonly #folder = mkdtempSync(join(tmpdir(), "hermetic-demo-"));
  readonly #data = join(this.#folder, "worker");
  readonly #rates: LocalHttps;
  readonly #ratesTap: Tap;
  readonly #httpTap: Tap;
  readonly #liveUrl: string | undefined;
  #worker: WorkerProcess | undefined;
  #isClosed = false;
  #outputs: Uint8Array[] = [];

  private constructor(rates: LocalHttps, ratesTap: Tap, httpTap: Tap, liveUrl: string | undefined) {
    this.#rates = rates;
    this.#ratesTap = ratesTap;
    this.#httpTap = httpTap;
    this.#liveUrl = liveUrl;
  }

  /** @param liveUrl - A live rates service to ask instead of the one on this machine. */
  static async build(liveUrl: string | undefined): Promise<Stage> {
    const [rates, ratesTap, httpTap] = await Promise.all([startRates(), Tap.start(), Tap.start()]);
    ratesTap.target = rates.port;
    const stage = new Stage(rates, ratesTap, httpTap, liveUrl);
    writeFileSync(stage.#rootFile, rates.root);
    return stage;
  }

  get #rootFile(): string {
    return join(this.#folder, "rates-root.pem");
  }

  /** Where clients find the worker: through the wiretap. */
  get url(): string {
    return `http://127.0.0.1:${this.#httpTap.port}`;
  }

  /** Where the contract finds the rates: through the other one. */
  get ratesUrl(): string {
    return this.#liveUrl ?? `https://localhost:${this.#ratesTap.port}/latest?base=EUR`;
  }

  get worker(): WorkerProcess {
    if (this.#worker === undefined) throw new Error("no worker was started");
    return this.#worker;
  }

  /** What the operator grants to contracts: host and port of the rates server. */
  get grant(): string {
    return `localhost:${this.#ratesTap.port}`;
  }

  async startWorker(): Promise<WorkerProcess> {
    if (this.#isClosed) throw new Error("the demonstration is over");
    const { grant } = this;
    const worker = new WorkerProcess({ data: this.#data, grant, extraRoot: this.#rootFile });
    this.#worker = worker; // before it serves: whatever was started is ended by close()
    await worker.started();
    this.#httpTap.target = worker.port;
    return worker;
  }

  /** `kill -9`. */
  async killWorker(): Promise<void> {
    const { worker } = this;
    await worker.kill();
    this.#outputs.push(worker.output);
  }

  /** Bytes that have passed between clients and worker so far. */
  get httpBytes(): number {
    return this.#httpTap.seen.length;
  }

  /** All that the operator could look at until now. A live service is asked past the wiretap. */
  operatorViews(): View[] {
    return operatorViews({
      data: this.#data,
      http: this.#httpTap.seen,
      egress: this.#liveUrl === undefined ? this.#ratesTap.seen : undefined,
      output: Buffer.concat([...this.#outputs, this.worker.output]),
    });
  }

  /** Ends what was started, whether it served yet or not, and leaves nothing behind. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.stop();
    await Promise.all([this.#httpTap.close(), this.#ratesTap.close()]);
    await this.#rates[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
