/**
 * `hermetic build`: contracts to components, ABI files and source maps.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Terminal } from "#worker/cli/terminal.ts";
import { withReason, WorkerError } from "#worker/error.ts";

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
  const { contracts } = await terminal
    .progress("building", build({ entry, outDir: out }))
    .catch((error: unknown) => {
      throw isBelow(out, error)
        ? new WorkerError("FILE_UNWRITABLE", { subject: withReason(out, error), cause: error })
        : error;
    });
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

/** Whether the system refused a file that was to be written. */
function isBelow(out: string, error: unknown): boolean {
  const { path } = Object(error) as Partial<NodeJS.ErrnoException>;
  return path !== undefined && resolve(path).startsWith(resolve(out));
}
