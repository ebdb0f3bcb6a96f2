/**
 * The code that counts: statements and expressions around what an author has written.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { parseStatement } from "../ast.ts";
import type { Probe } from "./probe-map.ts";

/** What the file calls the functions that count. */
export const COVERAGE_NAME = "__coverage";

/** `hit();` */
export function hit({ id }: Probe, { range }: asc.Node): asc.Statement {
  return parseStatement(`${COVERAGE_NAME}.hit(${id});`, range);
}

function call(name: string, { id }: Probe, { range }: asc.Node): asc.Expression {
  const statement = parseStatement(`${COVERAGE_NAME}.${name}(${id});`, range);
  if (!(statement instanceof asc.ExpressionStatement)) throw new Error("not an expression");
  return statement.expression;
}

/** `(hit(), expression)` */
export function counted(probe: Probe, expression: asc.Expression): asc.Expression {
  const { range } = expression;
  const both = new asc.CommaExpression([call("hit", probe, expression), expression], range);
  return new asc.ParenthesizedExpression(both, range);
}

/** `(true && expression)`, `(false || expression)`, which counts on the way. */
export function tested(
  probe: Probe,
  operator: asc.Token,
  expression: asc.Expression,
): asc.Expression {
  const { range } = expression;
  const name = operator === asc.Token.Ampersand_Ampersand ? "yes" : "no";
  const first = call(name, probe, expression);
  return new asc.ParenthesizedExpression(
    new asc.BinaryExpression(operator, first, expression, range),
    range,
  );
}
