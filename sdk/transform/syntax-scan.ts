/**
 * Finds TypeScript that the compiler cannot even parse, to explain what it only stumbles over.
 *
 * Runs only when a build has failed; it looks at text without comments and literals, so it needs no
 * parser of its own.
 *
 * @module
 */
import { diagnosticOf, type BuildDiagnostic } from "./diagnostic.ts";
import type { ProblemCode } from "./problem.ts";
import type { SourceFile } from "./source-files.ts";

interface Rule {
  readonly pattern: RegExp;
  readonly code: ProblemCode;
  readonly message: string;
}

const rules: readonly Rule[] = [
  { pattern: /\?\.(?!\d)/g, code: "HRM3301", message: "there is no `?.`" },
  { pattern: /\?\?/g, code: "HRM3302", message: "there is no `??`" },
  {
    pattern: /\b(?:const|let|var)\s*[[{]/g,
    code: "HRM3303",
    message: "a declaration cannot take a value apart",
  },
  {
    pattern: /\b(?:async|await)\b(?=\s*[\w(])/g,
    code: "HRM3304",
    message: "nothing is asynchronous",
  },
  { pattern: /\b\d[\d_]*n\b/g, code: "HRM3305", message: "there are no bigint literals" },
  { pattern: /\btry\s*\{/g, code: "HRM3307", message: "there is no `try`" },
  {
    pattern: /(?<=[;{}]\s*)\[[\w\s,.]+\]\s*=(?!=)/g,
    code: "HRM3303",
    message: "an assignment cannot take a value apart",
  },
  {
    pattern: /(?<=[(,]\s*)(?:\{[\w\s,:]*\}|\[[\w\s,]*\])(?=\s*:\s*[A-Za-z])/g,
    code: "HRM3303",
    message: "a parameter cannot take a value apart",
  },
  {
    pattern: /\b[A-Za-z_$][\w$]*\s*:\s*(?=(?:for|while|do)\b)/g,
    code: "HRM3319",
    message: "there are no labels",
  },
  {
    pattern: /\bfor\s*\(\s*(?:const|let|var)\s+[\w$]+\s+in\b/g,
    code: "HRM3320",
    message: "there is no `for … in`",
  },
  {
    pattern:
      /(?<=[(,]\s*(?:(?:public|private|protected|readonly)\s+)*|\b(?:const|let|var|function)\s+)(?:of|async|await|package|interface|implements|override|static|yield)\b(?=\s*[:=(](?!>))/g,
    code: "HRM3324",
    message: "this word cannot be a name",
  },
  {
    pattern: /(?<=\)\s*:\s*)\(\s*[\w.<>, ]+?\s*\|\s*null\s*\)\s*\[\s*\]/g,
    code: "HRM3321",
    message: "a result type cannot begin with a bracket",
  },
];

/** Comments, strings, templates without their expressions: what rules must not look at. */
const LITERALS =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|\$(?!\{)|[^`\\$])*`/g;

/** Every construct of one file that the language does not have. */
export function scanSyntax({ text, file }: SourceFile): BuildDiagnostic[] {
  const code = text.replace(LITERALS, (literal) => literal.replace(/[^\n]/g, " "));
  return rules.flatMap(({ pattern, code: rule, message }) =>
    [...code.matchAll(pattern)].map((match) =>
      diagnosticOf(rule, message, {
        file,
        text,
        start: match.index,
        end: match.index + match[0].length,
      }),
    ),
  );
}
