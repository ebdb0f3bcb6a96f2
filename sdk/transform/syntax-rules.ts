/**
 * What of TypeScript the compiler cannot parse, or stumbles over: how it looks, and what to say.
 *
 * @module
 */
import type { ProblemCode } from "./problem.ts";

interface Rule {
  readonly pattern: RegExp;
  readonly code: ProblemCode;
  readonly message: string;
}

export const syntaxRules: readonly Rule[] = [
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
    pattern:
      /(?<=[(,]\s*)(?:\{[\w\s,:]*\}|\[[\w\s,]*\])(?=\s*(?:,\s*\w+\s*)*(?::\s*[A-Za-z{[]|\)\s*=>))/g,
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
  {
    pattern: /(?<=\(\s*)\{[\w\s,:]*\}\s*=(?![=>])/g,
    code: "HRM3303",
    message: "an assignment cannot take a value apart",
  },
  { pattern: /\{\s*\.\.\./g, code: "HRM3309", message: "there is no spread" },
  {
    pattern: /(?<=[(,]\s*)\.\.\.(?=[\w$.[\](), ]*\))/g,
    code: "HRM3309",
    message: "there is no spread",
  },
  {
    pattern: /\b(?:break|continue)[ \t]+[A-Za-z_$][\w$]*/g,
    code: "HRM3319",
    message: "there are no labels",
  },
  {
    pattern: /\bfunction\s*\*|\byield\b(?!\s*[=:(.,)])|(?<=[;{}]\s*)\*\s*[A-Za-z_$][\w$]*\s*\(/g,
    code: "HRM3329",
    message: "there are no generators",
  },
  { pattern: /\|\|=|&&=/g, code: "HRM3330", message: "there is no `||=` and no `&&=`" },
  {
    pattern:
      /\bkeyof\b|(?<=:\s*)typeof\b|\bsatisfies\b|(?<=:\s*)\w+\s+is\s+\w+(?=\s*[{;])|\btype\s+[\w<>, ]+=[^;\n]*\bextends\b[^;\n]*\?/g,
    code: "HRM3331",
    message: "types are not computed from types",
  },
  { pattern: /(?<![\w$])#[A-Za-z_$][\w$]*/g, code: "HRM3332", message: "there are no `#` names" },
  {
    pattern: /\b(?:import|export)\s+type\b(?=\s*[{*\w])|\bimport\s*\{[^}]*\btype\s+\w/g,
    code: "HRM3333",
    message: "types are imported like everything else",
  },
  { pattern: /\bdelete\s+(?=[A-Za-z_$(])/g, code: "HRM3334", message: "there is no `delete`" },
  {
    pattern:
      /(?<=\b(?:const|let|var)\s+[\w$]+\s*:\s*|\btype\s+[\w$]+\s*=\s*)\{|(?<=[(,]\s*[\w$]+\s*:\s*)\{(?=\s*[\w$]+\s*[:?])/g,
    code: "HRM3315",
    message: "there are no types of objects without a class",
  },
  {
    pattern:
      /(?<=\b(?:const|let|var)\s+[\w$]+\s*:\s*|\btype\s+[\w$]+\s*=\s*)\[|(?<=\)\s*:\s*)\[(?=[^\]\n]*\]\s*(?:\{|=>))/g,
    code: "HRM3315",
    message: "there are no tuples",
  },
];
