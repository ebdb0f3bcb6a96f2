/**
 * Turns a host function that waits into one that WebAssembly code finds in a table.
 *
 * Tables hold functions of WebAssembly only, so one of a module that does nothing else calls it.
 *
 * @module
 */

/** (module (import "h" "s" (func $s)) (func (export "s") (call $s))) */
const CALLER = Uint8Array.fromHex(
  "0061736d01000000010401600000020701016801730000030201000705010173000" + "10a0601040010000b",
);
let caller: WebAssembly.Module | undefined;

/** @param wait - What it resolves to is ignored; what it rejects with is thrown in the code that waits. */
export function suspending(wait: () => Promise<void>): unknown {
  caller ??= new WebAssembly.Module(CALLER);
  const imports = { h: { s: new WebAssembly.Suspending(wait) } };
  return new WebAssembly.Instance(caller, imports).exports["s"];
}
