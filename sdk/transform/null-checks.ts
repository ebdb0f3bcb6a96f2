/**
 * Makes `x === null` and its kin compare the reference itself.
 *
 * Classes that compare by value, such as `Account` and `u128`, overload `==`; the compiler then calls the
 * overload for a comparison with `null` too, and does not learn from it that `x` is not null. Nor does it
 * learn from the condition of `for (let n = first; n !== null; n = n.next)` anything about its last part.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { parseStatement, walk } from "./ast.ts";

const operators = new Map([
  [asc.Token.Equals_Equals, "=="],
  [asc.Token.Equals_Equals_Equals, "=="],
  [asc.Token.Exclamation_Equals, "!="],
  [asc.Token.Exclamation_Equals_Equals, "!="],
]);

/** Rewrites every comparison with `null` of one file. */
export function rewriteNullChecks(source: asc.Source): void {
  walk(source.statements, (node) => {
    if (node instanceof asc.ForStatement) assertStep(node);
    if (!(node instanceof asc.BinaryExpression)) return undefined;
    const operator = operators.get(node.operator);
    const { left, right } = node;
    if (operator === undefined || isNull(left) === isNull(right)) return undefined;
    return comparison(operator, isNull(left) ? right : left, node.range);
  });
}

function isNull(node: asc.Expression): boolean {
  return node instanceof asc.NullExpression;
}

/** The author's own expression keeps its place in the file. */
function comparison(operator: string, operand: asc.Expression, at: asc.Range): asc.Expression {
  const statement = parseStatement(`changetype<usize>(__operand) ${operator} 0;`, at);
  const expression = statement instanceof asc.ExpressionStatement ? statement.expression : null;
  if (!(expression instanceof asc.BinaryExpression)) throw new Error("not a comparison");
  if (!(expression.left instanceof asc.CallExpression)) throw new Error("not a call");
  expression.left.args[0] = operand;
  return expression;
}

/** Tells the compiler that what a loop goes on for is not null in the loop's last part. */
function assertStep({ condition, incrementor }: asc.ForStatement): void {
  const tested = condition && testedForNull(condition);
  if (!tested || !incrementor) return;
  walk([incrementor], (node) => {
    if (!(node instanceof asc.PropertyAccessExpression)) return undefined;
    const { expression } = node;
    if (expression instanceof asc.IdentifierExpression && expression.text === tested) {
      const { range } = expression;
      const kind = asc.AssertionKind.NonNull;
      node.expression = asc.Node.createAssertionExpression(kind, expression, null, range);
    }
    return undefined;
  });
}

/** The local that is not null where a condition holds. */
function testedForNull(condition: asc.Expression): string | undefined {
  if (condition instanceof asc.IdentifierExpression) return condition.text;
  if (!(condition instanceof asc.BinaryExpression)) return undefined;
  const { operator, left, right } = condition;
  if (operator === asc.Token.Ampersand_Ampersand) return testedForNull(left);
  if (operators.get(operator) !== "!=" || !isNull(right)) return undefined;
  return left instanceof asc.IdentifierExpression ? left.text : undefined;
}
