/**
 * Refuses `new` for what the runtime makes: contracts, and collections of state; and for patterns, which
 * compile, and then stop whoever uses them.
 *
 * A contract made by hand would read state and never store it; a collection made by hand would share
 * the keys of a field without being in the layout that upgrades are checked against.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { decoratorOf, nameOf, walk } from "./ast.ts";
import { collections } from "./contract-state.ts";
import type { Report } from "./report.ts";
import type { Scope } from "./scope.ts";

/** @param parts - The classes that the contract is made of. */
export function checkMadeByHand(
  source: asc.Source,
  parts: readonly asc.ClassDeclaration[],
  scope: Scope,
  report: Report,
): void {
  walk(source.statements, (node) => {
    if (!(node instanceof asc.NewExpression)) return undefined;
    const meaning = scope.findType(source, node.typeName);
    const name = nameOf(node.typeName);
    if (name === "RegExp" && !meaning) report("HRM3310", node, "there are no regular expressions");
    if (!meaning) return undefined;
    if ("sdk" in meaning && meaning.sdk in collections) {
      report("HRM3214", node, `'${name}' is made by hand`);
    } else if ("class" in meaning && isContract(meaning.class, parts)) {
      report("HRM3123", node, `the contract '${name}' is made by hand`);
    }
    return undefined;
  });
}

function isContract(
  declaration: asc.ClassDeclaration,
  parts: readonly asc.ClassDeclaration[],
): boolean {
  return parts.includes(declaration) || decoratorOf(declaration, "contract") !== undefined;
}
