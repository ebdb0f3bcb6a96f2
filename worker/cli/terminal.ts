/**
 * What the command writes and to whom: results to standard output, all else to standard error.
 *
 * With `--json` a result is one line of JSON. Colours and progress appear only where a person watches.
 * Text from workers and contracts is escaped before a terminal sees it.
 *
 * @module
 */
import { styleText } from "node:util";
import { escapeControls } from "#worker/report.ts";

type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  /** Results are lines of JSON. */
  readonly isJson: boolean;
  /** Somebody can answer questions. */
  readonly isInteractive: boolean;
  /** A result. @param lines - Its form for people. */
  result(value: unknown, lines: readonly string[]): void;
  /** A remark to whoever watches; silent with `--json`. */
  note(text: string): void;
  style(style: Style, text: string): string;
  /** Shows `text` while `work` goes on, where a person watches. */
  progress<T>(text: string, work: Promise<T>): Promise<T>;
}

export function createTerminal(isJson: boolean): Terminal {
  const { stdin, stdout, stderr } = process;
  const isWatched = stderr.isTTY === true && !isJson;
  const style = (own: Style, text: string): string => styleText(own, text, { stream: stderr });
  return {
    isJson,
    isInteractive: stdin.isTTY === true && stdout.isTTY === true && !isJson,
    result(value, lines) {
      if (isJson) stdout.write(`${JSON.stringify(value)}\n`);
      else stdout.write(lines.map((line) => `${line}\n`).join(""));
    },
    note(text) {
      if (!isJson) stderr.write(`${text}\n`);
    },
    style,
    async progress(text, work) {
      if (!isWatched) return await work;
      const stop = spin(style("dim", text));
      try {
        return await work;
      } finally {
        stop();
      }
    },
  };
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 80;
const CLEAR_LINE = "\r\u001B[2K";

function spin(text: string): () => void {
  let at = 0;
  const timer = setInterval(() => {
    process.stderr.write(`${CLEAR_LINE}${FRAMES[at++ % FRAMES.length]} ${text}`);
  }, FRAME_MS);
  return () => {
    clearInterval(timer);
    process.stderr.write(CLEAR_LINE);
  };
}

/** Text of others, as a terminal may show it. */
export function shown(untrustedText: string): string {
  return escapeControls(untrustedText);
}

/** As {@link shown}, but lines stay lines: for text whose own line ends mean no harm. */
export function shownLines(untrustedText: string): string {
  return untrustedText.split("\n").map(shown).join("\n");
}
