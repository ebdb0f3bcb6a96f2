/**
 * What a page of documentation shows: its code blocks, the commands in them, and the files it names.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
}

/** @param path - From the root of the project. */
export function readPage(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export function codeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
}

/** `code` in running text, without the backticks. */
export function codeSpans(page: string): string[] {
  const prose = page.replaceAll(/^```.*?^```$/gms, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text);
}

/** Targets of links that lead to files, from the root of the project. */
export function linkedFiles(page: string): string[] {
  const targets = [...page.matchAll(/\]\(([^)#\s]+)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** Lines of shell, each as its words: quotes are taken off, comments left out. */
export function shellLines(text: string): string[][] {
  return text
    .split("\n")
    .map((line) => [...line.matchAll(/'([^']*)'|(#.*)|([^\s']+)/g)])
    .map((words) =>
      words
        .filter(([, , comment]) => comment === undefined)
        .map(([, quoted, , bare]) => quoted ?? bare ?? ""),
    )
    .filter((words) => words.length > 0);
}
