/**
 * What a build has read, so that whoever keeps its result can tell whether it still holds.
 *
 * Times and sizes of files do not tell: an editor may write twice within a tick of the clock, and while
 * a build reads.
 *
 * @module
 */
import { readSource, type SourceFiles } from "./source-files.ts";

/** The text of each file as it was compiled; nothing for a place where an import was looked for in vain. */
export type BuildInputs = ReadonlyMap<string, string | undefined>;

export function inputsOf(files: SourceFiles): BuildInputs {
  const found = files.read.map(({ file, text }) => [file, text] as const);
  return new Map([...files.missing.map((file) => [file, undefined] as const), ...found]);
}

/** Whether a build would read the same again. */
export async function areCurrent(inputs: BuildInputs): Promise<boolean> {
  const same = [...inputs].map(async ([file, text]) => (await readSource(file)) === text);
  return (await Promise.all(same)).every(Boolean);
}
