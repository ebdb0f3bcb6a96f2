/**
 * `hermetic doctor`: whether this machine can build contracts and run a worker.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enclaveBundle, packageVersion } from "#worker/cli/package.ts";
import { shown, type Terminal } from "#worker/cli/terminal.ts";
import { WorkerError } from "#worker/error.ts";
import { EmbeddedLog } from "#worker/log/embedded.ts";
import { createReport } from "#worker/report.ts";
import { startWorker } from "#worker/start.ts";

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Appends measured, and milliseconds above which a disk makes commands slow. */
const APPENDS = 20;
const APPEND_MS_SLOW = 20;

export async function checkMachine(terminal: Terminal): Promise<void> {
  const checks: Check[] = [];
  const check = async (name: string, work: () => string | Promise<string>): Promise<void> => {
    try {
      checks.push({
        name,
        ok: true,
        detail: await terminal.progress(name, Promise.resolve(work())),
      });
    } catch (error) {
      const detail = error instanceof Error ? error.message : "failed";
      checks.push({ name, ok: false, detail });
    }
  };
  await check("version", () => `hermetic ${packageVersion} on Node ${process.version}`);
  await check("enclave bundle", measurement);
  await inTemporary(async (directory) => {
    await check("disk", () => diskLatency(directory));
    await check("enclave", () => enclaveStart(directory));
  });
  await check("compiler", compiler);
  const ok = checks.every((each) => each.ok);
  terminal.result(
    { ok, checks },
    checks.map((each) => line(terminal, each)),
  );
  if (!ok) throw new WorkerError("CHECKS_FAILED");
}

function line(terminal: Terminal, { name, ok, detail }: Check): string {
  const mark = ok ? terminal.style("green", "ok  ") : terminal.style("red", "FAIL");
  return `${mark} ${name.padEnd(15)} ${shown(detail)}`;
}

function measurement(): string {
  return createHash("sha256").update(readFileSync(enclaveBundle)).digest("hex");
}

async function inTemporary(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "hermetic-doctor-"));
  try {
    await work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function diskLatency(directory: string): Promise<string> {
  const log = await EmbeddedLog.open(join(directory, "entries"));
  await log.append([new Uint8Array(64)]);
  const startMs = performance.now();
  for (let i = 0; i < APPENDS; i++) await log.append([new Uint8Array(64)]);
  const eachMs = (performance.now() - startMs) / APPENDS;
  await log.close();
  const advice = eachMs > APPEND_MS_SLOW ? "; commands will be slow on it" : "";
  return `${eachMs.toFixed(2)} ms per durable write in ${directory}${advice}`;
}

async function enclaveStart(directory: string): Promise<string> {
  const startMs = performance.now();
  const worker = await startWorker({
    dataPath: join(directory, "data"),
    bundle: enclaveBundle,
    listen: { host: "127.0.0.1", port: 0 },
    report: createReport(() => undefined, false),
  });
  const elapsedMs = performance.now() - startMs;
  await worker.stop();
  return `simulated, ready in ${elapsedMs.toFixed(0)} ms`;
}

async function compiler(): Promise<string> {
  await import("#sdk/transform/index.ts");
  return "loads";
}
