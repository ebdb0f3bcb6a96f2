/**
 * How the enclave's process is started: what it may do, and how V8 treats contracts.
 *
 * These flags are the sandbox around the trusted code on a machine without hardware protection. They
 * are part of what the enclave relies on, never of what a client relies on: a client cannot see them.
 *
 * @module
 */

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
    // Metered code keeps the speed it had when gas prices were set.
    "--wasm-inlining-budget=30000",
    "--wasm-inlining-factor=6",
    bundle,
  ];
}
