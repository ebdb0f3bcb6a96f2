/**
 * Where imported files come from.
 *
 * `hermetic/contract` and the big integers come from this package wherever the contract lies, so a
 * contract in an empty folder builds. Relative imports start at the importing file; other packages
 * are looked up in the `node_modules` above it. Paths inside the program are relative to the
 * contract's folder, so that the same source gives the same bytes from any directory.
 *
 * @module
 */
import { readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const LIBRARY = "~lib/";
const SDK = "~lib/hermetic/contract";
const BIGNUM = "@btc-vision/as-bignum";

export interface SourceFile {
  /** The path inside the program, with `.ts`. */
  readonly path: string;
  readonly text: string;
  readonly file: string;
}

export class SourceFiles {
  /** Every file read, in the order in which they were asked for. */
  readonly read: SourceFile[] = [];
  /** Places where an import was looked for in vain. */
  readonly missing: string[] = [];

  readonly #base: string;
  readonly #packageRoot: string;
  readonly #sdk: string;
  readonly #bignum: string;
  /** The real folders of packages already found, by their path inside the program. */
  readonly #packages = new Map<string, string>();

  /**
   * @param base - Folder of the contract.
   * @param packageRoot - Folder of this package.
   */
  constructor(base: string, packageRoot: string) {
    this.#base = base;
    this.#packageRoot = packageRoot;
    this.#sdk = join(packageRoot, "sdk", "contract");
    const require = createRequire(join(packageRoot, "package.json"));
    this.#bignum = dirname(require.resolve(`${BIGNUM}/package.json`));
  }

  /** As it was made, before anything was read. */
  again(): SourceFiles {
    return new SourceFiles(this.#base, this.#packageRoot);
  }

  /**
   * Reads the file that an import names.
   *
   * @param internalPath - What the compiler asks for: no extension, `~lib/` before packages.
   * @param dependee - The internal path of the importing file.
   */
  async find(internalPath: string, dependee: string | null): Promise<SourceFile | undefined> {
    for (const path of [internalPath, `${internalPath}/index`]) {
      for (const file of this.#candidates(path, dependee)) {
        const found = await this.#open(`${path}.ts`, `${file}.ts`);
        if (found) return found;
      }
    }
    return undefined;
  }

  #candidates(path: string, dependee: string | null): string[] {
    if (path === SDK) return [];
    if (path.startsWith(`${SDK}/`)) return [join(this.#sdk, path.slice(SDK.length))];
    if (!path.startsWith(LIBRARY)) return [join(this.#base, path)];
    const match = /^~lib\/((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(path);
    if (!match) return [];
    const [, name = "", rest = ""] = match;
    if (name === BIGNUM) return [join(this.#bignum, rest)];
    const known = this.#packages.get(name);
    if (known !== undefined) return [join(known, rest)];
    return this.#lookup(dependee).map((folder) => join(folder, name, rest));
  }

  /** The `node_modules` folders above the importing file. */
  #lookup(dependee: string | null): string[] {
    const importing = this.read.find(({ path }) => path === `${dependee}.ts`);
    const folders: string[] = [];
    for (let path = importing ? dirname(importing.file) : this.#base; ; path = dirname(path)) {
      folders.push(join(path, "node_modules"));
      if (dirname(path) === path) return folders;
    }
  }

  async #open(path: string, file: string): Promise<SourceFile | undefined> {
    const text = await readSource(file);
    if (text === undefined) {
      this.missing.push(file);
      return undefined;
    }
    // A package may be linked into place; what it imports lies beside the real one.
    const real = path.startsWith(LIBRARY) ? await realpath(file) : file;
    const found = { path, text, file: real };
    this.read.push(found);
    this.#rememberPackage(path, file);
    return found;
  }

  #rememberPackage(path: string, file: string): void {
    const name = /^~lib\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
    if (name === undefined || path.startsWith(SDK) || this.#packages.has(name)) return;
    const inside = path.length - LIBRARY.length - name.length;
    this.#packages.set(name, file.slice(0, file.length - inside));
  }

  /** Whether a file of the program is neither the SDK's nor the standard library's. */
  isAuthoredPath(internalPath: string): boolean {
    if (internalPath.startsWith(`${SDK}/`) || internalPath.startsWith(`${LIBRARY}${BIGNUM}/`)) {
      return false;
    }
    return this.read.some(({ path }) => path === `${internalPath}.ts`);
  }

  /** The files that the author has written, or taken from packages. */
  authored(): SourceFile[] {
    return this.read.filter(({ path }) => this.isAuthoredPath(path.slice(0, -".ts".length)));
  }

  isAuthored(file: string): boolean {
    return this.authored().some((each) => each.file === file);
  }
}

/** The text of a source file as it is compiled; undefined if there is none. */
export async function readSource(file: string): Promise<string | undefined> {
  try {
    return withPlainLines(await readFile(file, "utf8"));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** A checkout may have turned line ends and put a mark before them: that is no other source. */
function withPlainLines(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}

function isAbsent(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR";
}
