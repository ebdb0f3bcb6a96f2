/**
 * What a person reads about a failed build: one record per mistake, at the author's own line.
 *
 * @module
 */
import { advice, type ProblemCode } from "./problem.ts";

export interface BuildDiagnostic {
  /** `HRM3NNN` for our rules, `TS…` or `AS…` for messages of the compiler. */
  readonly code: string;
  readonly message: string;
  /** How to write it instead. */
  readonly advice?: string;
  /** Absolute path of the file. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  /** The line of source with a mark under the place. */
  readonly frame?: string;
}

/** A place in a source text. */
export interface Place {
  readonly file: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Makes a diagnostic; one of our codes brings its advice. */
export function diagnosticOf(code: string, message: string, place?: Place): BuildDiagnostic {
  const hint = code in advice ? { advice: advice[code as ProblemCode] } : {};
  return { code, message, ...hint, ...(place ? located(place) : {}) };
}

function located({ file, text, start, end }: Place): Partial<BuildDiagnostic> {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", start);
  const source = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd).trimEnd();
  const line = text.slice(0, start).split("\n").length;
  const column = start - lineStart + 1;
  const length = Math.max(1, Math.min(end - start, source.length - column + 1));
  const gutter = " ".repeat(String(line).length);
  const before = source.slice(0, column - 1).replace(/[^\t]/g, " ");
  const frame = `${line} | ${source}\n${gutter} | ${before}${"~".repeat(length)}`;
  return { file, line, column, frame };
}

/** One diagnostic as text. */
export function formatDiagnostic(diagnostic: BuildDiagnostic): string {
  const { code, message, file, line, column, frame } = diagnostic;
  const parts = [`${code}: ${message}`];
  if (file !== undefined) parts.push(`  at ${file}:${line}:${column}`);
  if (frame !== undefined) parts.push(frame.replace(/^/gm, "  "));
  if (diagnostic.advice !== undefined) parts.push(`  ${diagnostic.advice}`);
  return parts.join("\n");
}
