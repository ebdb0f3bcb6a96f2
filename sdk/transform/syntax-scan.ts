/**
 * Finds TypeScript that the compiler cannot even parse, to explain what it only stumbles over.
 *
 * Runs only when a build has failed; it looks at text without comments and literals, so it needs no
 * parser of its own.
 *
 * @module
 */
import { diagnosticOf, type BuildDiagnostic } from "./diagnostic.ts";
import type { SourceFile } from "./source-files.ts";
import { syntaxRules } from "./syntax-rules.ts";

/** Comments, strings, templates without their expressions: what rules must not look at. */
const LITERALS =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|\$(?!\{)|[^`\\$])*`/g;

/** Every construct of one file that the language does not have. */
export function scanSyntax({ text, file }: SourceFile): BuildDiagnostic[] {
  const code = text.replace(LITERALS, (literal) => literal.replace(/[^\n]/g, " "));
  const seen = new Set<string>();
  return syntaxRules
    .flatMap(({ pattern, code: rule, message }) =>
      [...code.matchAll(pattern)].map((match) =>
        diagnosticOf(rule, message, {
          file,
          text,
          start: match.index,
          end: match.index + match[0].length,
        }),
      ),
    )
    .filter((each) => {
      // One of a kind is enough for a line: a label and the `break` that names it, say.
      const place = `${each.code} ${each.line}`;
      return !seen.has(place) && seen.add(place);
    });
}
