/**
 * One method as the checks of its code see it: its locals, and what expressions come from.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { walk } from "./ast.ts";
import type { ContractClass } from "./contract-class.ts";

/** The name of a field that `expression` reads from `this`. */
export function fieldRead(expression: asc.Node): string | undefined {
  if (!(expression instanceof asc.PropertyAccessExpression)) return undefined;
  return expression.expression instanceof asc.ThisExpression ? expression.property.text : undefined;
}

/** An expression without brackets and assertions around it, and without what a loop does with texts. */
export function bare(expression: asc.Expression): asc.Expression {
  if (expression instanceof asc.TernaryExpression && isStringTest(expression.condition)) {
    return bare(expression.ifElse);
  }
  const isWrapped =
    expression instanceof asc.ParenthesizedExpression ||
    expression instanceof asc.AssertionExpression;
  return isWrapped ? bare(expression.expression) : expression;
}

/** What `loops.ts` writes into the loops that it makes. */
function isStringTest(condition: asc.Expression): boolean {
  if (!(condition instanceof asc.CallExpression)) return false;
  const { expression } = condition;
  return expression instanceof asc.IdentifierExpression && expression.text === "isString";
}

export class MethodBody {
  readonly body: asc.Statement;
  /** What each local begins with; of a name that is declared twice, nothing. */
  readonly #locals = new Map<string, asc.Expression | undefined>();

  constructor(body: asc.Statement) {
    this.body = body;
    this.each((node) => {
      if (!(node instanceof asc.VariableDeclaration)) return;
      const name = node.name.text;
      this.#locals.set(name, this.#locals.has(name) ? undefined : (node.initializer ?? undefined));
    });
  }

  /** The methods, marked or not, of all classes of a contract. */
  static of(contract: ContractClass): MethodBody[] {
    const members = contract.parts.flatMap(({ declaration }) => declaration.members);
    return members.flatMap((member) =>
      member instanceof asc.MethodDeclaration && member.body ? [new MethodBody(member.body)] : [],
    );
  }

  /** Visits every node. */
  each(visit: (node: asc.Node) => void): void {
    walk([this.body], (node) => {
      visit(node);
      return undefined;
    });
  }

  /** What a local begins with. */
  initializerOf(name: string): asc.Expression | undefined {
    return this.#locals.get(name);
  }
}
