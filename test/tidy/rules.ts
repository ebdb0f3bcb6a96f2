/**
 * The rules no compiler or linter checks: each takes one file and says what is wrong with it.
 *
 * They are functions so that `test/boundary` can plant a violation of each.
 *
 * @module
 */
import {
  codeLines,
  importsOf,
  targetOf,
  topOf,
  withoutComments,
  type Source,
} from "#test/tidy/sources.ts";

/** The trusted folders from low to high, stated a second time so that no single edit opens a door. */
const layers = [
  "runtime/protocol",
  "runtime/crypto",
  "runtime/attest",
  "runtime/seal",
  "host/state",
  "host/vm",
  "host/http",
  "host/functions",
  "runtime/session",
  "runtime/exec",
  "runtime/platform",
];

/** What the untrusted folders may import of the trusted ones. The longest matching row counts. */
const doors: Readonly<Record<string, readonly string[]>> = {
  worker: ["runtime/protocol"],
  "sdk/client": ["runtime/protocol", "runtime/crypto"],
  "sdk/transform": ["runtime/protocol"],
  "sdk/testing": layers,
  test: layers,
};

const CODE_LINES_MAX = 400;

/** One rule: the problems of a file, as sentences, or an empty list. */
export type Rule = (source: Source) => string[];

/** A trusted layer imports lower layers only; the others only through their door. */
export const layerOrder: Rule = (source) => {
  const rank = rankOf(source.path);
  const allowed = rank >= 0 ? layers.slice(0, rank + 1) : (doors[areaOf(source.path)] ?? []);
  return targets(source)
    .filter(([, target]) => rankOf(target) >= 0 || isTrusted(target))
    .filter(([, target]) => !allowed.some((folder) => target.startsWith(`${folder}/`)))
    .map(([specifier]) => `may not import ${specifier}`);
};

/** Nothing outside `test` imports from it, and trusted code imports nothing untrusted. */
export const noWayOut: Rule = (source) =>
  targets(source)
    .filter(
      ([, target]) =>
        (topOf(target) === "test" && topOf(source.path) !== "test") ||
        (isTrusted(source.path) && !isTrusted(target)),
    )
    .map(([specifier]) => `may not import ${specifier}`);

/** A relative import stays in its top folder; an alias crosses it. */
export const relativeStaysInside: Rule = (source) =>
  importsOf(source)
    .filter((specifier) => specifier.startsWith("."))
    .filter((specifier) => topOf(targetOf(source, specifier) ?? "") !== topOf(source.path))
    .map((specifier) => `leaves its top folder by ${specifier}: use an alias`);

/** The first thing in a file is a comment that says what it is and ends in `@module`. */
export const header: Rule = ({ text }) =>
  /^(#!.*\n)?\/\*\*\n \* \S(?:(?!\*\/)[\s\S])*\n \* @module\n \*\/\n/.test(text)
    ? []
    : ["has no header comment that ends in @module"];

/** An import names its module in the source, so that tools see the whole graph. */
export const noComputedImport: Rule = ({ text }) =>
  /(?<![#.\w])import\s*\(\s*(?!["'])/.test(withoutComments(text))
    ? ["has a computed import()"]
    : [];

/** Small files: 400 lines of code at most. */
export const size: Rule = (source) =>
  codeLines(source) > CODE_LINES_MAX ? [`has ${codeLines(source)} lines of code`] : [];

/** Nothing unfinished, nothing switched off, nothing of somebody's machine. */
export const noLeftovers: Rule = ({ text }) => {
  const leftovers = [
    new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|")})\\b`),
    /@ts-(ignore|nocheck)/,
    /\b(it|test|describe)\.(skip|only|todo)\b/,
    /\bcatch\s*(\([^)]*\))?\s*\{\s*\}/,
    /["'`\s(](\/(home|Users|root|work|private)\/[\w.-]+|[A-Z]:\\\w+)/,
  ];
  return leftovers.flatMap((pattern) => {
    const found = pattern.exec(text) ?? /\bas any\b/.exec(withoutComments(text));
    return found === null ? [] : [`has ${JSON.stringify(found[0].trim())}`];
  });
};

function targets(source: Source): [specifier: string, target: string][] {
  return importsOf(source).flatMap((specifier) => {
    const target = targetOf(source, specifier);
    return target === undefined ? [] : [[specifier, target]];
  });
}

function rankOf(path: string): number {
  return layers.findIndex((folder) => path.startsWith(`${folder}/`));
}

function isTrusted(path: string): boolean {
  return topOf(path) === "runtime" || topOf(path) === "host";
}

function areaOf(path: string): string {
  return topOf(path) === "sdk" ? path.split("/").slice(0, 2).join("/") : topOf(path);
}
