/**
 * What parts of a source file are, to whoever counts them.
 *
 * @module
 */
import * as asc from "assemblyscript";

export function isLogical(node: asc.Node): node is asc.BinaryExpression {
  if (!(node instanceof asc.BinaryExpression)) return false;
  const { operator } = node;
  return operator === asc.Token.Ampersand_Ampersand || operator === asc.Token.Bar_Bar;
}

export function isLoop(
  node: asc.Node,
): node is asc.ForStatement | asc.WhileStatement | asc.DoStatement | asc.ForOfStatement {
  return (
    node instanceof asc.ForStatement ||
    node instanceof asc.WhileStatement ||
    node instanceof asc.DoStatement ||
    node instanceof asc.ForOfStatement
  );
}

/** Blocks and functions are what their statements are. */
export function isCounted(statement: asc.Statement): boolean {
  return !(
    statement instanceof asc.BlockStatement ||
    statement instanceof asc.EmptyStatement ||
    statement instanceof asc.FunctionDeclaration
  );
}

/** A statement as a block. */
export function blockOf(statement: asc.Statement): asc.BlockStatement {
  if (statement instanceof asc.BlockStatement) return statement;
  return new asc.BlockStatement([statement], statement.range);
}

/** An expression without the parentheses around it. */
export function bare(expression: asc.Expression): asc.Expression {
  return expression instanceof asc.ParenthesizedExpression
    ? bare(expression.expression)
    : expression;
}
