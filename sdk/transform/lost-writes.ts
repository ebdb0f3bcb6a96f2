/**
 * Refuses `this.bids.get(k).amount = 5`: the collection gives out copies, so the write is lost
 * without a sound.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { walk } from "./ast.ts";
import type { ContractClass } from "./contract-class.ts";
import type { Report } from "./report.ts";

const readers: ReadonlySet<string> = new Set(["get", "find", "getOr"]);
const assignments: ReadonlySet<asc.Token> = new Set([
  asc.Token.Equals,
  asc.Token.Plus_Equals,
  asc.Token.Minus_Equals,
  asc.Token.Asterisk_Equals,
  asc.Token.Slash_Equals,
]);

/** Checks every method of a contract; must run before fields become cells. */
export function checkLostWrites(contract: ContractClass, report: Report): void {
  const collections = new Set(
    contract.state.filter(({ kind }) => kind !== "cell").map(({ name }) => name),
  );
  const members = contract.parts.flatMap(({ declaration }) => declaration.members);
  walk(members, (node) => {
    const target = targetOf(node);
    if (target instanceof asc.PropertyAccessExpression && isCopy(target.expression, collections)) {
      report("HRM3207", target, `'${target.property.text}' of a copy is changed, and lost`);
    }
    return undefined;
  });
}

/** What an assignment or an increment changes. */
function targetOf(node: asc.Node): asc.Expression | undefined {
  if (node instanceof asc.BinaryExpression) {
    return assignments.has(node.operator) ? node.left : undefined;
  }
  if (node instanceof asc.UnaryPostfixExpression) return node.operand;
  if (node instanceof asc.UnaryPrefixExpression) {
    const { operator } = node;
    const isStep = operator === asc.Token.Plus_Plus || operator === asc.Token.Minus_Minus;
    return isStep ? node.operand : undefined;
  }
  return undefined;
}

/** Whether an expression is `this.collection.get(…)` or `this.collection[…]`, also with `!` behind. */
function isCopy(expression: asc.Expression, collections: ReadonlySet<string>): boolean {
  if (expression instanceof asc.ParenthesizedExpression) {
    return isCopy(expression.expression, collections);
  }
  if (expression instanceof asc.AssertionExpression) {
    return isCopy(expression.expression, collections);
  }
  if (expression instanceof asc.ElementAccessExpression) {
    return isCollection(expression.expression, collections);
  }
  if (!(expression instanceof asc.CallExpression)) return false;
  const called = expression.expression;
  if (!(called instanceof asc.PropertyAccessExpression)) return false;
  return readers.has(called.property.text) && isCollection(called.expression, collections);
}

function isCollection(expression: asc.Expression, collections: ReadonlySet<string>): boolean {
  return (
    expression instanceof asc.PropertyAccessExpression &&
    expression.expression instanceof asc.ThisExpression &&
    collections.has(expression.property.text)
  );
}
