/**
 * Warns of `this.balance - amount` where nothing compares the balance: unsigned numbers wrap around
 * below zero without a sound, and a balance of 2⁶⁴ − 1 is the oldest bug of contracts.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { textOf, typeIdentifier } from "./ast.ts";
import type { ContractClass } from "./contract-class.ts";
import { bare, fieldRead, MethodBody } from "./method-body.ts";
import type { Report } from "./report.ts";

const unsigned: ReadonlySet<string> = new Set(["u8", "u16", "u32", "u64", "u128", "u256"]);
const minus: ReadonlySet<asc.Token> = new Set([asc.Token.Minus, asc.Token.Minus_Equals]);
const comparisons: ReadonlySet<asc.Token> = new Set([
  asc.Token.LessThan,
  asc.Token.LessThan_Equals,
  asc.Token.GreaterThan,
  asc.Token.GreaterThan_Equals,
  asc.Token.Equals_Equals,
  asc.Token.Equals_Equals_Equals,
  asc.Token.Exclamation_Equals,
  asc.Token.Exclamation_Equals_Equals,
]);

/** Checks every method of a contract; must run before fields become cells. */
export function checkMinus(contract: ContractClass, warn: Report): void {
  const fields = new Map<string, string>();
  for (const { name, kind, type } of contract.state) {
    const inner = type instanceof asc.NamedTypeNode ? type.typeArguments?.at(-1) : undefined;
    fields.set(name, typeIdentifier(kind === "cell" ? type : (inner ?? null)) ?? "");
  }
  const isUnsigned = (field: string | undefined): boolean =>
    field !== undefined && unsigned.has(fields.get(field) ?? "");
  for (const method of MethodBody.of(contract)) {
    const compared = comparedIn(method);
    method.each((node) => {
      const operand = reduced(node);
      if (!operand || !isUnsigned(originOf(operand, method))) return;
      if (compared.some((text) => text.includes(textOf(operand)))) return;
      warn("HRM3323", node, `'${textOf(operand)}' may go below zero, and wraps around there`);
    });
  }
}

/** What a node takes something off. */
function reduced(node: asc.Node): asc.Expression | undefined {
  if (node instanceof asc.BinaryExpression && minus.has(node.operator)) return bare(node.left);
  const isStep =
    node instanceof asc.UnaryPostfixExpression || node instanceof asc.UnaryPrefixExpression;
  return isStep && node.operator === asc.Token.Minus_Minus ? bare(node.operand) : undefined;
}

/** The field of state that a value was read from. */
function originOf(expression: asc.Expression, method: MethodBody): string | undefined {
  const here = bare(expression);
  if (here instanceof asc.IdentifierExpression) {
    const initializer = method.initializerOf(here.text);
    return initializer && !(bare(initializer) instanceof asc.IdentifierExpression)
      ? originOf(initializer, method)
      : undefined;
  }
  if (here instanceof asc.ElementAccessExpression) return fieldRead(bare(here.expression));
  if (!(here instanceof asc.CallExpression)) return fieldRead(here);
  const called = here.expression;
  if (!(called instanceof asc.PropertyAccessExpression)) return undefined;
  return /^get(Or)?$/.test(called.property.text) ? fieldRead(bare(called.expression)) : undefined;
}

/** The texts of all that a method compares with something, or takes the smaller of. */
function comparedIn(method: MethodBody): string[] {
  const texts: string[] = [];
  method.each((node) => {
    if (node instanceof asc.BinaryExpression && comparisons.has(node.operator)) {
      texts.push(textOf(node.left), textOf(node.right));
    } else if (node instanceof asc.CallExpression) {
      const { expression, args } = node;
      const isMin = expression instanceof asc.IdentifierExpression && expression.text === "min";
      if (isMin) texts.push(...args.map(textOf));
    }
  });
  return texts;
}
