/**
 * Refuses `this.bids.get(k).amount = 5`, and the same by way of a local that is never stored: the
 * collection gives out copies, so the write is lost without a sound.
 *
 * Only what is certainly lost is refused: a local that is handed on, returned or looked at afterwards
 * may have been changed for that.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type { ContractClass } from "./contract-class.ts";
import { bare, fieldRead, MethodBody } from "./method-body.ts";
import type { Report } from "./report.ts";

const assignments: ReadonlySet<asc.Token> = new Set([
  asc.Token.Equals,
  asc.Token.Plus_Equals,
  asc.Token.Minus_Equals,
  asc.Token.Asterisk_Equals,
  asc.Token.Asterisk_Asterisk_Equals,
  asc.Token.Slash_Equals,
  asc.Token.Percent_Equals,
  asc.Token.Ampersand_Equals,
  asc.Token.Bar_Equals,
  asc.Token.Caret_Equals,
  asc.Token.LessThan_LessThan_Equals,
  asc.Token.GreaterThan_GreaterThan_Equals,
  asc.Token.GreaterThan_GreaterThan_GreaterThan_Equals,
]);
/** Methods of arrays that change them. */
const changers: ReadonlySet<string> = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "reverse",
  "sort",
  "fill",
]);

/** Checks every method of a contract; must run before fields become cells. */
export function checkLostWrites(contract: ContractClass, report: Report): void {
  const collections = new Set(
    contract.state.filter(({ kind }) => kind !== "cell").map(({ name }) => name),
  );
  for (const method of MethodBody.of(contract)) new Check(method, collections, report).run();
}

class Check {
  readonly #method: MethodBody;
  readonly #collections: ReadonlySet<string>;
  readonly #report: Report;
  /** Identifiers that stand before a change only: `b` of `b.amount = 5`. */
  readonly #changed = new Set<asc.Node>();

  constructor(method: MethodBody, collections: ReadonlySet<string>, report: Report) {
    this.#method = method;
    this.#collections = collections;
    this.#report = report;
  }

  run(): void {
    const changes: { target: asc.Expression; locals: readonly asc.IdentifierExpression[] }[] = [];
    this.#method.each((node) => {
      const target = changeOf(node);
      const locals = target && this.#copiedBy(target);
      if (!target || !locals) return;
      changes.push({ target, locals });
      for (const local of locals) this.#changed.add(local);
    });
    for (const { target, locals } of changes) {
      if (locals.some((local) => this.#isUsed(local))) continue;
      this.#report("HRM3207", target, `${what(target)} of a copy is changed, and lost`);
    }
  }

  /** The locals by which an expression leads to a copy; nothing if it leads to none. */
  #copiedBy(target: asc.Expression): asc.IdentifierExpression[] | undefined {
    const locals: asc.IdentifierExpression[] = [];
    let isRead = false;
    for (let at: asc.Expression | undefined = target; at;) {
      const here = bare(at);
      if (isRead && this.#collections.has(fieldRead(here) ?? "")) return locals;
      if (here instanceof asc.PropertyAccessExpression) at = here.expression;
      else if (here instanceof asc.ElementAccessExpression) {
        // The assignment of an item is one of the collection itself.
        if (at !== target) isRead = true;
        at = here.expression;
      } else if (here instanceof asc.CallExpression) {
        isRead = true;
        at = here.expression;
      } else if (here instanceof asc.IdentifierExpression && !locals.includes(here)) {
        if (locals.some(({ text }) => text === here.text)) return undefined;
        locals.push(here);
        at = this.#method.initializerOf(here.text);
      } else return undefined;
    }
    return undefined;
  }

  /** Whether a local may serve for more than its change. */
  #isUsed(local: asc.IdentifierExpression): boolean {
    // The loop's own variables are the transform's.
    if (local.text.startsWith("__")) return false;
    const uses = new Set<asc.Node>();
    const reads = new Set<asc.Node>();
    this.#method.each((node) => {
      if (node instanceof asc.IdentifierExpression && node.text === local.text) uses.add(node);
      const object = objectOf(node);
      if (object) reads.add(object);
    });
    this.#method.each((node) => {
      if (node instanceof asc.PropertyAccessExpression) uses.delete(node.property);
      if (node instanceof asc.VariableDeclaration) uses.delete(node.name);
    });
    for (const use of uses) {
      if (this.#changed.has(use)) continue;
      if (!reads.has(use) || use.range.start > local.range.start) return true;
    }
    return false;
  }
}

/** What an expression takes a part of, or compares with null. */
function objectOf(node: asc.Node): asc.Expression | undefined {
  const isPart =
    node instanceof asc.PropertyAccessExpression || node instanceof asc.ElementAccessExpression;
  if (isPart) return bare(node.expression);
  // A comparison with null has become this.
  if (!(node instanceof asc.CallExpression)) return undefined;
  const { expression, args } = node;
  const isNullCheck =
    expression instanceof asc.IdentifierExpression && expression.text === "changetype";
  return isNullCheck && args[0] ? bare(args[0]) : undefined;
}

/** What an assignment, an increment or the statement of a changing method changes. */
function changeOf(node: asc.Node): asc.Expression | undefined {
  if (node instanceof asc.BinaryExpression) {
    return assignments.has(node.operator) ? partOf(node.left) : undefined;
  }
  if (node instanceof asc.UnaryPostfixExpression) return partOf(node.operand);
  if (node instanceof asc.UnaryPrefixExpression) {
    const { operator } = node;
    const isStep = operator === asc.Token.Plus_Plus || operator === asc.Token.Minus_Minus;
    return isStep ? partOf(node.operand) : undefined;
  }
  if (!(node instanceof asc.ExpressionStatement)) return undefined;
  const { expression } = node;
  if (!(expression instanceof asc.CallExpression)) return undefined;
  const called = expression.expression;
  if (!(called instanceof asc.PropertyAccessExpression)) return undefined;
  return changers.has(called.property.text) ? called : undefined;
}

/** An assignment to a local alone changes nothing else. */
function partOf(target: asc.Expression): asc.Expression | undefined {
  return target instanceof asc.IdentifierExpression ? undefined : target;
}

function what(target: asc.Expression): string {
  if (target instanceof asc.PropertyAccessExpression) {
    const { text } = target.property;
    return changers.has(text) ? "an array" : `'${text}'`;
  }
  return "an item";
}
