/**
 * Hooks for test files that share a process (`isolate: false`).
 *
 * There the kit is loaded once, by the first file that imports it; hooks belong to a file. So a setup
 * file, which vitest runs for each, calls what the kit has left behind. It imports nothing: tests
 * that have no use for the kit do not pay for it.
 *
 * @module
 */

/** Where the kit leaves its function on `globalThis`. */
export const INSTALL_HOOKS = "__hermetic_install_hooks__";

/** Text of the setup file. */
export const SETUP_TEXT = `globalThis.${INSTALL_HOOKS}?.();\n`;
