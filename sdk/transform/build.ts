/**
 * `build()`: contract sources in, artefacts out. What the command line, the vitest plugin and npm
 * scripts all call.
 *
 * The same source gives the same bytes from any directory, so that a code hash can be checked by
 * whoever has the source.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import { encodeHttpGrants, HTTP_SECTION } from "#protocol/http-grant.ts";
import type { BuiltContract } from "./artefact.ts";
import { BuildError } from "./build-error.ts";
import { compile, COMPILER } from "./compiler.ts";
import { toComponent } from "./component.ts";
import type { ProbeMap } from "./probes/probe-map.ts";
import { diagnosticOf } from "./diagnostic.ts";
import { findEntries } from "./entries.ts";
import { FUNCTIONS_FIELD } from "./function-names.ts";
import { SPANS_FIELD } from "./function-span.ts";
import { writeArtefact } from "./output.ts";
import { inputsOf } from "./inputs.ts";
import { findPackageRoot, type PackageRoot } from "./package-root.ts";
import { SourceFiles } from "./source-files.ts";
import { finishMap } from "./source-map.ts";
import { nameVector, withCustomSection } from "./wasm-sections.ts";
import { readWorld, type World } from "./world.ts";

export interface BuildOptions {
  /** A contract's file, or a directory: then every file below it that holds a `@contract`. */
  readonly entry: string;
  /** Where to write; nothing is written without it. */
  readonly outDir?: string;
  /** Whether the code counts what runs. It is not the code that is deployed: it costs other gas. */
  readonly coverage?: boolean;
}

export interface BuildResult {
  readonly contracts: readonly BuiltContract[];
}

/**
 * Builds contracts.
 *
 * @throws {@link BuildError} with every mistake found in the first contract that has any.
 * @throws {@link OutputError} where an artefact cannot be written.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const root = findPackageRoot();
  const world = await readWorld(root.path);
  const entries = await findEntries(options.entry);
  refuseSameNames(entries);
  const { coverage = false } = options;
  const contracts: BuiltContract[] = [];
  for (const entry of entries) contracts.push(await buildOne(entry, root, world, coverage));
  const { outDir } = options;
  if (outDir === undefined) return { contracts };
  const written: BuiltContract[] = [];
  for (const contract of contracts) {
    written.push({ ...contract, paths: await writeArtefact(contract, outDir) });
  }
  return { contracts: written };
}

async function buildOne(
  entry: string,
  root: PackageRoot,
  world: World,
  covers: boolean,
): Promise<BuiltContract> {
  const files = new SourceFiles(dirname(entry), root.path);
  try {
    return await buildFrom(entry, files, root, world, covers);
  } catch (error) {
    if (error instanceof BuildError) error.inputs = inputsOf(files);
    throw error;
  }
}

async function buildFrom(
  entry: string,
  files: SourceFiles,
  root: PackageRoot,
  world: World,
  covers: boolean,
): Promise<BuiltContract> {
  const { core, map, functions, spans, probes, abi, grants, warnings } = await compile(
    basename(entry),
    files,
    world,
    { covers },
  );
  const component = await toComponent(core, world);
  const origin = originOf(basename(entry), root.version, files);
  const utf8 = new TextEncoder();
  const abiText = JSON.stringify(abi);
  const reentrant = abi.methods.filter((method) => method.reentrant).map(({ name }) => name);
  const sections: readonly (readonly [name: string, content: Uint8Array])[] = [
    ...(reentrant.length > 0 ? ([["hermetic:reentrant", nameVector(reentrant)]] as const) : []),
    ...(grants.length > 0 ? ([[HTTP_SECTION, encodeHttpGrants(grants)]] as const) : []),
    ["hermetic:abi", utf8.encode(abiText)],
    ["hermetic:build", utf8.encode(JSON.stringify(origin))],
  ];
  const wasm = sections.reduce(
    (binary, [name, content]) => withCustomSection(binary, name, content),
    component,
  );
  const abiJson = `${JSON.stringify(abi, null, 2)}\n`;
  return {
    name: abi.contract,
    entry,
    wasm,
    abi,
    abiTs: `export const abi = ${abiJson.trimEnd()} as const;\nexport default abi;\n`,
    abiJson,
    map: finishMap(map, { [FUNCTIONS_FIELD]: functions, [SPANS_FIELD]: spans }, files),
    codeHash: createHash("sha256").update(wasm).digest("hex"),
    warnings,
    ...(probes === undefined ? {} : { probes: withFiles(probes, files) }),
    sources: files.read.map(({ file }) => file),
    inputs: inputsOf(files),
  };
}

/** The same, with the paths of files on this machine. */
function withFiles({ count, files }: ProbeMap, sources: SourceFiles): ProbeMap {
  const paths = new Map(sources.read.map(({ path, file }) => [path, file]));
  return {
    count,
    files: files.map((each) => ({ ...each, file: paths.get(each.file) ?? each.file })),
  };
}

/**
 * What the artefact says of how it was made: enough to make it again, and to see what differs. The command is one
 * of a project that has this SDK: a name alone would be fetched from whoever owns it in a registry.
 */
function originOf(
  entry: string,
  sdk: string,
  files: SourceFiles,
): Readonly<Record<string, string>> {
  const rebuild = `hermetic build ${entry} --verify CODE_HASH`;
  return { compiler: COMPILER, sdk, source: sourceHash(files), entry, rebuild };
}

/** SHA-256 over every file that went in, each with its path, framed by lengths. */
function sourceHash(files: SourceFiles): string {
  const hash = createHash("sha256");
  const byPath = files.read.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, text } of byPath) {
    hash.update(`${Buffer.byteLength(path)}:${path}${Buffer.byteLength(text)}:${text}`);
  }
  return hash.digest("hex");
}

function refuseSameNames(entries: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const entry of entries) {
    const name = basename(entry);
    const other = seen.get(name);
    if (other !== undefined) {
      const message = `${other} and ${entry} would be written to the same file`;
      throw new BuildError([diagnosticOf("HRM3006", message)]);
    }
    seen.set(name, entry);
  }
}
