/**
 * How the enclave's process is started: what it may do, and how V8 treats contracts.
 *
 * These flags are the sandbox around the trusted code on a machine without hardware protection. They
 * are part of what the enclave relies on, never of what a client relies on: a client cannot see them.
 *
 * @module
 */

/** KiB of stack: half of what systems give a process, twelve times what a call may count. */
const STACK_KIB = 3_900;

/**
 * Arguments of Node for a bundle.
 *
 * @param bundle - Absolute path: the only file the process may read.
 */
export function enclaveArguments(bundle: string): string[] {
  return [
    // No network, file writes, child processes, workers, add-ons, WASI or inspector.
    "--permission",
    `--allow-fs-read=${bundle}`,
    // SQLite opens files without asking the permission model.
    "--no-experimental-sqlite",
    "--no-addons",
    "--disallow-code-generation-from-strings",
    // SIGUSR1 would open the inspector on a running process.
    "--disable-sigusr1",
    "--disable-proto=delete",
    // Text on stderr could carry what a contract holds.
    "--no-warnings",
    // MiB: room for the short-lived objects of many calls between two collections.
    "--min-semi-space-size=16",
    // Little survives such a collection: waking threads to share it costs more than they save.
    "--no-parallel-scavenge",
    // A function's frame stays its own: what it takes on the stack is counted before it runs.
    "--no-wasm-inlining",
    `--stack-size=${STACK_KIB}`,
    `--wasm-stack-switching-stack-size=${STACK_KIB}`,
    bundle,
  ];
}
