/**
 * Builds contracts that have mistakes, and checks what is said about them.
 *
 * The sources are written to a temporary directory without any `node_modules`, as a user's first
 * contract may lie.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { build, BuildError, type BuildDiagnostic } from "#sdk/transform/index.ts";
import { advice } from "#sdk/transform/problem.ts";

export const directory = mkdtempSync(join(tmpdir(), "hermetic-"));
afterAll(() => rmSync(directory, { recursive: true }));

export const IMPORTS =
  'import { Account, bytes, Command, contracts, ctx, emit, http, IndexedMap, Indexes, KeySet, Level, List, log, Mapping, schedule, u128 } from "hermetic/contract";\n';

/** Builds a source that has mistakes and returns what is said about them. */
export async function mistakes(source: string): Promise<readonly BuildDiagnostic[]> {
  const entry = join(directory, "bad.ts");
  await writeFile(entry, IMPORTS + source);
  try {
    await build({ entry });
  } catch (error) {
    if (error instanceof BuildError) return error.diagnostics;
    throw error;
  }
  return [];
}

/** A contract around the members of a class. */
export const around = (members: string): string => `@contract export class C {\n${members}\n}`;
/** A contract whose one query does this. */
export const query = (body: string): string => around(`@query q(): u32 { ${body} return 1; }`);

/** Code, source, and the marked text: where the place starts. */
export type Case = readonly [code: string, what: string, source: string, marked: string];

/** Each case is refused for its one mistake, at its place, with advice. */
export function refuses(cases: readonly Case[]): void {
  describe("build() of a mistaken contract", () => {
    it.each(cases)("%s for %s", async (code, _, source, marked) => {
      const found = await mistakes(source);
      expect(found.map((each) => each.code)).toEqual([code]);
      const [diagnostic] = found;
      const text = IMPORTS + source;
      const before = text.slice(0, text.indexOf(marked, IMPORTS.length)).split("\n");
      expect(diagnostic).toMatchObject({
        file: join(directory, "bad.ts"),
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1,
        advice: advice[code as keyof typeof advice],
      });
      expect(diagnostic?.frame).toContain("~");
    });
  });
}
