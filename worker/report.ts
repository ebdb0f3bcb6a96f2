/**
 * What the worker process says about itself on standard error: JSON lines, or readable ones on a terminal.
 *
 * Names, addresses and paths can hold anything; control characters are escaped, so that no text can
 * forge a line or command a terminal.
 *
 * @module
 */

export type Level = "info" | "warn" | "error";
export type ReportFields = Readonly<Record<string, string | number | boolean>>;

export interface Report {
  info(event: string, fields?: ReportFields): void;
  warn(event: string, fields?: ReportFields): void;
  error(event: string, fields?: ReportFields): void;
}

/** Control, format and separator characters, line ends and bidirectional marks among them. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The text with everything that a terminal or a log reader could act upon made visible. */
export function escapeControls(untrustedText: string): string {
  return untrustedText.replaceAll(UNSAFE, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** @param write - Takes whole lines. @param isTerminal - Whether a person reads along. */
export function createReport(write: (line: string) => void, isTerminal: boolean): Report {
  const say = (level: Level, event: string, fields: ReportFields): void => {
    write(isTerminal ? readable(level, event, fields) : json(level, event, fields));
  };
  return {
    info: (event, fields = {}) => say("info", event, fields),
    warn: (event, fields = {}) => say("warn", event, fields),
    error: (event, fields = {}) => say("error", event, fields),
  };
}

function json(level: Level, event: string, fields: ReportFields): string {
  const entries = Object.entries(fields).map(([name, value]) => {
    return [name, typeof value === "string" ? escapeControls(value) : value] as const;
  });
  const time = new Date().toISOString();
  return `${JSON.stringify({ time, level, event, ...Object.fromEntries(entries) })}\n`;
}

function readable(level: Level, event: string, fields: ReportFields): string {
  const rest = Object.entries(fields).map(([name, value]) => {
    return ` ${name}=${escapeControls(String(value))}`;
  });
  return `${level.padEnd(5)} ${event}${rest.join("")}\n`;
}
