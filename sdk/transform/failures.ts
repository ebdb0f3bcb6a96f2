/**
 * Turns what went wrong in a program, by our rules or the compiler's, into diagnostics.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { BuildError } from "./build-error.ts";
import { reword, ruleOf } from "./compiler-messages.ts";
import { diagnosticOf, type BuildDiagnostic, type Place } from "./diagnostic.ts";
import type { Problem } from "./problem.ts";
import type { SourceFiles } from "./source-files.ts";
import { scanSyntax } from "./syntax-scan.ts";

/**
 * @returns What the compiler warns of in the author's own lines.
 * @throws {@link BuildError} if there is any problem or error message.
 */
export function throwIfAny(
  program: asc.Program,
  problems: readonly Problem[],
  files: SourceFiles,
): BuildDiagnostic[] {
  const { errors, warnings } = messagesOf(program);
  const own = diagnosticsOf(problems, files);
  const theirs = errors.map((message) => compilerDiagnostic(message, files));
  if (own.length + theirs.length === 0) {
    // What is said of the SDK's own lines is no business of those who use them.
    const authored = warnings.filter(({ range }) => {
      const file = placeOf(range, files)?.file;
      return file !== undefined && files.isAuthored(file);
    });
    return authored.map((message) => compilerDiagnostic(message, files));
  }
  const syntax = theirs.length > 0 ? files.authored().flatMap(scanSyntax) : [];
  throw new BuildError(withoutEchoes([...own, ...syntax], theirs));
}

/** @throws {@link BuildError} if there is syntax that the language does not have. */
export function throwIfForeign(files: SourceFiles): void {
  const found = files.authored().flatMap(scanSyntax);
  if (found.length > 0) throw new BuildError(withoutEchoes(found, []));
}

/** Problems as a person reads them. */
export function diagnosticsOf(problems: readonly Problem[], files: SourceFiles): BuildDiagnostic[] {
  return problems.map(({ code, message, range }) =>
    diagnosticOf(code, message, placeOf(range, files)),
  );
}

/** What the compiler has said since it was last asked. */
function messagesOf(program: asc.Program): Record<"errors" | "warnings", asc.DiagnosticMessage[]> {
  const errors: asc.DiagnosticMessage[] = [];
  const warnings: asc.DiagnosticMessage[] = [];
  for (let next = asc.nextDiagnostic(program); next; next = asc.nextDiagnostic(program)) {
    if (asc.isError(next)) errors.push(next);
    else if (asc.isWarning(next)) warnings.push(next);
  }
  return { errors, warnings };
}

function compilerDiagnostic(message: asc.DiagnosticMessage, files: SourceFiles): BuildDiagnostic {
  const prefix = message.code < 1000 ? "AS" : "TS";
  const written = message.range?.source.text.slice(message.range.start, message.range.end) ?? "";
  const code = ruleOf(message.message, written) ?? `${prefix}${message.code}`;
  // What fails inside the SDK is caused where the author's code uses it.
  const place =
    [message.range, message.relatedRange]
      .map((range) => placeOf(range, files))
      .find((each) => each !== undefined && files.isAuthored(each.file)) ??
    placeOf(message.range, files);
  return diagnosticOf(code, reword(message.message), place);
}

function placeOf(range: asc.Range | null, files: SourceFiles): Place | undefined {
  if (!range) return undefined;
  const { normalizedPath, text } = range.source;
  const file = files.read.find(({ path }) => path === normalizedPath)?.file ?? normalizedPath;
  return { file, text, start: range.start, end: range.end };
}

/**
 * Puts diagnostics in the order of the file, without the compiler's messages about lines that one of
 * our rules explains: they are what it stumbled over.
 */
function withoutEchoes(
  ours: readonly BuildDiagnostic[],
  theirs: readonly BuildDiagnostic[],
): BuildDiagnostic[] {
  const explained = new Set([...ours, ...theirs.filter(isExplained)].map(lineOf));
  const named = new Set(ours.map(lineOf));
  const seen = new Set<string>();
  const rest = theirs.filter((each) =>
    isExplained(each) ? !named.has(lineOf(each)) : !explained.has(lineOf(each)),
  );
  return [...ours, ...rest].toSorted(byPlace).filter((each) => {
    const key = `${each.code} ${lineOf(each)} ${each.column}`;
    return !seen.has(key) && seen.add(key);
  });
}

function isExplained({ advice }: BuildDiagnostic): boolean {
  return advice !== undefined;
}

function byPlace(left: BuildDiagnostic, right: BuildDiagnostic): number {
  const [a, b] = [left.file ?? "", right.file ?? ""];
  if (a !== b) return a < b ? -1 : 1;
  return (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0);
}

function lineOf({ file, line }: BuildDiagnostic): string {
  return file === undefined ? "nowhere" : `${file}:${line}`;
}
