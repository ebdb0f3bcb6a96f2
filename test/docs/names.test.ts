/**
 * The pages name files, folders and packages that exist: a page that lags behind a move is found here.
 *
 * @module
 */
import { existsSync, globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeSpans, linkedFiles, readPage } from "#test/support/markdown.ts";

const root = join(import.meta.dirname, "..", "..");
const pages = globSync(["*.md", "{docs,docs/decisions,host/vm}/*.md", "contracts/*/README.md"], {
  cwd: root,
});
const sources = globSync("{runtime,host,worker,sdk,contracts,templates,test,docs}/**/*", {
  cwd: root,
});
const tops = new Set(sources.map((path) => path.split("/")[0]));
const names = new Set(sources.map((path) => basename(path)));
/** Written by the build, so not there in a fresh checkout. */
const MADE = /^dist(\/|$)/;

/** Whether a text in backticks is meant as a path of this project: `runtime/seal`, `ledger.ts`. */
function isPath(text: string): boolean {
  if (!/^[\w.-]+(\/[\w.-]+)*\/?$/.test(text)) return false;
  return text.includes("/")
    ? tops.has(text.split("/")[0] ?? "")
    : /^[\w-]+(\.test)?\.ts$/.test(text);
}

describe("pages of documentation", () => {
  it.each(pages)("%s links to what is there", (page) => {
    for (const target of linkedFiles(readPage(page))) {
      expect(existsSync(join(root, dirname(page), target)), target).toBe(true);
    }
  });

  it.each(pages)("%s names what is there", (page) => {
    const paths = codeSpans(readPage(page)).filter((text) => isPath(text) && !MADE.test(text));
    for (const path of paths) {
      // A name without a folder may stand anywhere, and `auction.ts` may be the reader's own.
      const isThere = path.includes("/") ? existsSync(join(root, path)) : names.has(path);
      expect(isThere, path).toBe(true);
    }
  });

  it.each(["typescript", "assemblyscript", "vitest", "rolldown", "msgpackr"])(
    "docs/decisions gives the version of %s that is pinned",
    (name) => {
      const manifest = JSON.parse(readPage("package.json")) as Record<string, object>;
      const pinned = { ...manifest["dependencies"], ...manifest["devDependencies"] };
      const version = (pinned as Record<string, string>)[name] ?? "";
      const decisions = pages.filter((page) => page.startsWith("docs/")).map(readPage);
      expect(decisions.some((text) => text.includes(`\`${name}\` ${version}`))).toBe(true);
    },
  );

  it("docs/decisions names every package, and none that is gone", () => {
    const manifest = JSON.parse(readPage("package.json")) as Record<string, object>;
    const pinned = [
      ...Object.keys(manifest["dependencies"] ?? {}),
      ...Object.keys(manifest["devDependencies"] ?? {}),
    ];
    const table = readPage("docs/decisions/README.md").match(/^\|.*$/gm) ?? [];
    const named = table.flatMap((row) => codeSpans(row.split("|").at(-2) ?? ""));
    expect(named.toSorted()).toEqual(pinned.toSorted());
  });
});
