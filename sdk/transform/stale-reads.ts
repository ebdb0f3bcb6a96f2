/**
 * Refuses `this.x += contracts.at<Token>(t).balance()` in contracts that may be entered again: the
 * left side is read before the call, so what another call of the contract stored meanwhile is undone.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { walk } from "./ast.ts";
import { reentrantMethods, type ContractClass } from "./contract-class.ts";
import { fieldRead, MethodBody } from "./method-body.ts";
import { isStub } from "./remote-calls.ts";
import type { Report } from "./report.ts";

/** Checks every method; must run after calls of other contracts were rewritten, before fields are. */
export function checkStaleReads(contract: ContractClass, report: Report): void {
  if (reentrantMethods(contract).length === 0) return;
  const cells = new Set(
    contract.state.filter(({ kind }) => kind === "cell").map(({ name }) => name),
  );
  for (const method of MethodBody.of(contract)) {
    method.each((node) => {
      if (!(node instanceof asc.BinaryExpression) || node.operator === asc.Token.Equals) return;
      const field = fieldIn(node.left, cells);
      if (field === undefined || !calls(node.right, method)) return;
      report("HRM3405", node, `'${field}' is read before the call that may change it`);
    });
  }
}

function fieldIn(expression: asc.Expression, cells: ReadonlySet<string>): string | undefined {
  let found: string | undefined;
  walk([expression], (node) => {
    const field = fieldRead(node);
    if (field !== undefined && cells.has(field)) found ??= field;
    return undefined;
  });
  return found;
}

/** Whether an expression calls another contract. */
function calls(expression: asc.Expression, method: MethodBody): boolean {
  let isCall = false;
  walk([expression], (node) => {
    if (!(node instanceof asc.PropertyAccessExpression)) return undefined;
    const { expression: object } = node;
    const target =
      object instanceof asc.IdentifierExpression ? method.initializerOf(object.text) : object;
    if (target && isStub(target)) isCall = true;
    return undefined;
  });
  return isCall;
}
