/**
 * `hermetic/build`: builds contracts.
 *
 * @module
 */
export { BuildError } from "./build-error.ts";
export { build } from "./build.ts";
export type { BuildOptions, BuildResult, BuiltContract } from "./build.ts";
export { formatDiagnostic } from "./diagnostic.ts";
export type { BuildDiagnostic } from "./diagnostic.ts";
export type { ArtefactPaths } from "./output.ts";
export type { Abi } from "#protocol/abi.ts";
