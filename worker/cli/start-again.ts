/**
 * Runs this command once more by another Node, and is nothing but its shadow from then on: signals go on
 * to it, and this process ends as it ends. Imports nothing that an old Node cannot load.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";

/** What asks a process to end: whoever sends it to this one means the other. */
const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** A shell's exit code for a process that a signal has ended is this and the signal's number. */
const EXIT_BY_SIGNAL = 128;

/**
 * @param node - Path of the other Node.
 * @param refuse - Called if it cannot be started.
 */
export function startAgain(node: string, refuse: () => void): void {
  // Before there is a process that a signal could leave behind. Ctrl-C reaches it from the terminal as well.
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  child.on("error", refuse);
  child.on("exit", (status, signal) => {
    if (signal === null) process.exitCode = status ?? 0;
    else endBy(signal);
  });
}

/** As the other one did: a shell that runs a script stops it after Ctrl-C only if the signal is what has ended us. */
function endBy(signal: NodeJS.Signals): void {
  process.exitCode = EXIT_BY_SIGNAL + constants.signals[signal];
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
