/**
 * `hermetic/build`: builds contracts.
 *
 * @module
 */
export { BuildError } from "./build-error.ts";
export { build } from "./build.ts";
export { OutputError } from "./output-error.ts";
export { buildUnitTests, type UnitTests } from "./unit-tests.ts";
export type { BuildInputs } from "./inputs.ts";
export type { ArtefactPaths, BuiltContract } from "./artefact.ts";
export type { BuildOptions, BuildResult } from "./build.ts";
export { formatDiagnostic } from "./diagnostic.ts";
export type { BuildDiagnostic } from "./diagnostic.ts";
export type { Abi } from "#protocol/abi.ts";
