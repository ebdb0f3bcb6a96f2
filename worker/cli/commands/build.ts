/**
 * `hermetic build`: contracts to components, ABI files and source maps.
 *
 * @module
 */
import type { Terminal } from "#worker/cli/terminal.ts";

const OUT_DEFAULT = "build";

export interface BuildFlags {
  readonly out?: string;
  readonly verify?: string;
}

export async function buildContracts(
  terminal: Terminal,
  { out = OUT_DEFAULT, verify }: BuildFlags,
  entry = ".",
): Promise<void> {
  if (verify !== undefined) {
    const { verifyBuild } = await import("#worker/cli/commands/verify.ts");
    return verifyBuild(terminal, verify, entry);
  }
  // The compiler is large: only verbs that compile load it.
  const { build, formatDiagnostic } = await import("#sdk/transform/index.ts");
  const { contracts } = await terminal.progress("building", build({ entry, outDir: out }));
  for (const { name, paths, codeHash, wasm, warnings } of contracts) {
    for (const warning of warnings) terminal.note(`warning ${formatDiagnostic(warning)}\n`);
    const result = {
      name,
      wasm: paths?.wasm,
      abi: paths?.abiJson,
      codeHash,
      bytes: wasm.length,
      warnings,
    };
    terminal.result(result, [
      `${name}  ${wasm.length} bytes`,
      `  code hash ${codeHash}`,
      `  component ${paths?.wasm ?? ""}`,
      `  ABI       ${paths?.abiJson ?? ""} and ${paths?.abiTs ?? ""}`,
    ]);
  }
}
