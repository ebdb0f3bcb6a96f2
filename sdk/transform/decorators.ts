/**
 * Refuses decorators that would do nothing: unknown ones, those in a wrong place, those written twice.
 *
 * The compiler passes over every decorator that it does not know. A misspelt `@only` would leave its
 * method open to everybody without a sound, so nothing of the kind builds.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { decoratorOf, walk } from "./ast.ts";
import type { Report } from "./report.ts";

/** What a decorator may stand on. */
type Place = "class" | "method" | "field";

const places: Readonly<Record<string, Place>> = {
  contract: "class",
  grant: "class",
  data: "class",
  event: "class",
  error: "class",
  init: "method",
  migrate: "method",
  command: "method",
  query: "method",
  scheduled: "method",
  every: "method",
  only: "method",
  reentrant: "method",
  transient: "field",
  was: "field",
};
/** The one that may be there several times, beside `@contract` alone. */
const GRANT = "grant";
/** Those whose arguments, or lack of them, nobody else looks at. */
const bare: ReadonlySet<string> = new Set([
  "contract",
  "init",
  "migrate",
  "command",
  "query",
  "scheduled",
  "transient",
]);
/** What the compiler itself understands. */
const compilers: ReadonlySet<string> = new Set([
  "external",
  "final",
  "global",
  "inline",
  "lazy",
  "operator",
  "unmanaged",
  "unsafe",
]);

/** Checks every decorator of one file. */
export function checkDecorators(source: asc.Source, report: Report): void {
  walk(source.statements, (node) => {
    if (node instanceof asc.DeclarationStatement) checkOf(node, report);
    return undefined;
  });
}

function checkOf(declaration: asc.DeclarationStatement, report: Report): void {
  const seen = new Set<string>();
  for (const decorator of declaration.decorators ?? []) {
    const name = nameOf(decorator.name);
    if (compilers.has(name.split(".")[0] ?? "")) continue;
    const place = places[name];
    if (place === undefined) {
      report("HRM3120", decorator, `there is no decorator '@${name}'${hint(name)}`);
    } else if (place !== placeOf(declaration)) {
      const on = declaration.name.range.toString();
      report("HRM3121", decorator, `'@${name}' belongs before a ${place}, which '${on}' is not`);
    } else if (name === GRANT && !decoratorOf(declaration, "contract")) {
      report("HRM3121", decorator, `'@${name}' belongs beside @contract`);
    } else if (seen.has(name) && name !== GRANT) {
      report("HRM3121", decorator, `'@${name}' is there twice`);
    } else if (bare.has(name) && (decorator.args?.length ?? 0) > 0) {
      report("HRM3121", decorator, `'@${name}' takes nothing in brackets`);
    }
    seen.add(name);
  }
}

function placeOf(declaration: asc.DeclarationStatement): Place | undefined {
  if (declaration instanceof asc.InterfaceDeclaration) return undefined;
  if (declaration instanceof asc.ClassDeclaration) return "class";
  if (declaration instanceof asc.FieldDeclaration) return "field";
  if (!(declaration instanceof asc.MethodDeclaration)) return undefined;
  return declaration.name.text === "constructor" ? undefined : "method";
}

function hint(name: string): string {
  if (name === "payable") return ": calls carry no payment yet";
  const close = Object.keys(places).find((known) => isClose(known, name.toLowerCase()));
  return close === undefined ? "" : `: did you mean '@${close}'?`;
}

/** Whether two names differ by one letter left out, put in, changed or swapped with the next. */
function isClose(left: string, right: string): boolean {
  if (left === right) return true;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start++;
  const [a, b] = [left.slice(start), right.slice(start)];
  const isSwapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return a.slice(1) === b || b.slice(1) === a || a.slice(1) === b.slice(1) || isSwapped;
}

/** The name as it is written, with its parts. */
function nameOf(expression: asc.Expression): string {
  if (expression instanceof asc.IdentifierExpression) return expression.text;
  if (!(expression instanceof asc.PropertyAccessExpression)) return expression.range.toString();
  return `${nameOf(expression.expression)}.${expression.property.text}`;
}
