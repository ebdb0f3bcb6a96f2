/**
 * Builds the enclave: everything trusted in one file, whose SHA-256 is the measurement.
 *
 * Anyone must get the same bytes from the same sources in any directory, so nothing of the machine
 * (paths, time, order of a directory listing) may reach the output.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";

const ENTRY = "runtime/platform/main.ts";

export interface EnclaveBundle {
  readonly code: string;
  /** SHA-256 of the file in lower-case hex. */
  readonly measurement: string;
}

/**
 * Bundles the enclave in memory.
 *
 * @param root - Absolute path of the project; leaves no trace in the output.
 * @param entry - Path below `root`.
 * @throws Error if the bundle does not resolve or would need more than one file.
 */
export async function bundleEnclave(root: string, entry: string = ENTRY): Promise<EnclaveBundle> {
  const build = await rolldown({
    cwd: root,
    input: join(root, entry),
    platform: "node",
    external: [/^node:/],
    tsconfig: false,
    resolve: {
      // A symlinked node_modules must not change the bytes.
      symlinks: false,
      // The build of msgpackr that neither loads a native add-on nor compiles code at run time.
      alias: { msgpackr: "msgpackr/index-no-eval" },
    },
    onLog(_level, log) {
      throw new Error(`The enclave bundle is not clean: ${log.message}`);
    },
  });
  try {
    const { output } = await build.generate({
      format: "esm",
      sourcemap: false,
      minify: false,
      codeSplitting: false,
      comments: { legal: true, annotation: false, jsdoc: false },
    });
    const [chunk, ...others] = output;
    if (others.length > 0) throw new Error("The enclave bundle must be a single file.");
    const code = chunk.code.replaceAll(/^\/\/# sourceMappingURL=.*\n?/gm, "");
    return { code, measurement: createHash("sha256").update(code).digest("hex") };
  } finally {
    await build.close();
  }
}

/** Builds the enclave into `file`, in one step, so that a reader never sees half of it. */
export async function writeEnclave(root: string, file: string): Promise<EnclaveBundle> {
  const bundle = await bundleEnclave(root);
  if (read(file) === bundle.code) return bundle;
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, bundle.code);
  renameSync(draft, file);
  return bundle;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
