/**
 * What editors are told of `hermetic/contract` against what it is: nothing is left out, and everything
 * has words to show.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const sdk = join(import.meta.dirname, "..", "..", "..", "sdk", "contract");
const text = readFileSync(join(sdk, "types", "contract.d.ts"), "utf8");
/** Their members are declared on all numbers. */
const WIDE = ["u128", "u256"];

/** The declaration of a name, with what it inherits. */
function declarationOf(name: string): string {
  const found = new RegExp(
    `^(?:export )?(?:declare )?(?:abstract )?(?:class|namespace|interface|enum) ${name}\\b[\\s\\S]*?^}`,
    "m",
  ).exec(text)?.[0];
  if (found === undefined) return "";
  const base = /^.* extends (\w+)</.exec(found)?.[1];
  return base === undefined || base === "Array" ? found : found + declarationOf(base);
}

const hidden = asc.CommonFlags.Private | asc.CommonFlags.Protected;

/** The public members that the SDK's files give to each name. */
function membersOf(names: ReadonlySet<string>): [owner: string, member: string][] {
  const found: [string, string][] = [];
  for (const file of readdirSync(sdk).filter((each) => each.endsWith(".ts"))) {
    const parser = new asc.Parser();
    parser.parseFile(readFileSync(join(sdk, file), "utf8"), file, true);
    for (const each of parser.sources[0]?.statements ?? []) {
      const isGroup =
        each instanceof asc.ClassDeclaration || each instanceof asc.NamespaceDeclaration;
      if (!isGroup || !names.has(each.name.text)) continue;
      for (const member of each.members) {
        if (!(member instanceof asc.DeclarationStatement) || member.isAny(hidden)) continue;
        const isOffered =
          !(each instanceof asc.NamespaceDeclaration) || member.is(asc.CommonFlags.Export);
        const name = member.name.text;
        if (isOffered && name !== "constructor" && !name.startsWith("__")) {
          found.push([each.name.text, name]);
        }
      }
    }
  }
  return found;
}

const exported = [...readFileSync(join(sdk, "index.ts"), "utf8").matchAll(/^export \{ (.*) \}/gm)]
  .flatMap(([, names = ""]) => names.split(", "))
  .filter((name) => !WIDE.includes(name));
/** What the SDK's own parts call, and what a list has as an array. */
const LEFT_OUT = [
  "Arguments.length",
  "Arguments.pointer",
  "Indexes.begins",
  "Indexes.has",
  "Indexes.holds",
  "List.length",
  "List.push",
  "List.pop",
];

describe("contract.d.ts", () => {
  it("declares every name that hermetic/contract exports", () => {
    const declared = [...text.matchAll(/^export (?:declare )?\w+ (\w+)/gm)].map(([, name]) => name);
    expect(declared).toEqual(expect.arrayContaining(exported));
  });

  it.each(membersOf(new Set(exported)).filter((pair) => !LEFT_OUT.includes(pair.join("."))))(
    "declares %s.%s",
    (owner, member) => {
      expect(declarationOf(owner)).toMatch(new RegExp(`^  .*\\b${member}\\b`, "m"));
    },
  );

  it("has words for whatever an editor may point at", () => {
    const lines = text.split("\n");
    const silent = lines.filter((line, at) => {
      const isOuter = /^export (?:declare )?(?!\{)/.test(line);
      const isMember = /^ {2}(?:readonly |static |function |const )*\w+[?(<:]/.test(line);
      const before = lines[at - 1] ?? "";
      return (isOuter || isMember) && !before.endsWith("*/") && !/constructor/.test(line);
    });
    expect(silent).toEqual([]);
  });
});
