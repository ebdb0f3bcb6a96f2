/**
 * Contracts are measured as the enclave compiles them: its V8 flags, set in this process.
 *
 * They slow down other WebAssembly, the compiler's own among it, so suites that need them set them and
 * the authoring suite runs before.
 *
 * @module
 */
import { setFlagsFromString } from "node:v8";

export function useEnclaveFlags(): void {
  setFlagsFromString("--no-wasm-inlining");
}
