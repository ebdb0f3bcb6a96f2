/**
 * Entry point of the enclave process: the one place where powers are made and handed out.
 *
 * It runs under Node's permission model and may read nothing but its own bundle, whose hash is the
 * measurement. What it prints on standard error is readable by the operator, so it prints no text of
 * any error: only where in the bundle it happened.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { createSimulatedTee } from "#attest/simulated.ts";
import { Enclave } from "#exec/enclave.ts";
import { encodeToWorker } from "#protocol/enclave-to-worker.ts";
import type { EnclaveToWorker } from "#protocol/messages.ts";
import { parseToEnclave } from "#protocol/worker-to-enclave.ts";
import { createEntropy } from "#platform/entropy.ts";
import { createHttp } from "#platform/http/http.ts";
import { Pipe } from "#platform/pipe.ts";
import { nodePrimitives } from "#platform/primitives.ts";

/** Exit code of an internal error (sysexits.h EX_SOFTWARE). */
const EXIT_SOFTWARE = 70;

/** Ends the process. An error's message could hold what a contract holds; its place cannot. */
function abort(error: unknown): never {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  process.stderr.write(`enclave stopped: internal error\n${frames.join("\n")}\n`);
  process.exit(EXIT_SOFTWARE);
}

process.on("uncaughtException", abort);
process.on("unhandledRejection", abort);
process.stdin.on("end", () => process.exit(0));
process.stdout.on("error", () => process.exit(0));

const send = (message: EnclaveToWorker): void => pipe.send(encodeToWorker(message));
const measurement = nodePrimitives.sha256(readFileSync(import.meta.filename));
const enclave = new Enclave({
  primitives: nodePrimitives,
  entropy: createEntropy(),
  untrustedClockMs: Date.now,
  nextTurn: () => new Promise((resolve) => void setImmediate(resolve)),
  tee: createSimulatedTee(nodePrimitives, measurement),
  http: (config) => createHttp({ config, send: (egress) => send({ type: "egress", egress }) }),
  send,
  abort,
});

const pipe = new Pipe(process.stdin, process.stdout, (untrustedFrame) => {
  enclave.receive(parseToEnclave(untrustedFrame));
});
