/**
 * Puts probes into a file of the author's, for a build that counts what runs.
 *
 * What to count is read off the tree as its author has written it; probes go in once all else has been
 * rewritten and checked, so that no check ever sees one. A condition stays one: `a && b` becomes
 * `a && (hit() && b)`, so that what it tells of null is still told.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { walk } from "../ast.ts";
import { pointAt } from "../function-spans.ts";
import { counted, hit, tested } from "./hits.ts";
import type { BranchProbe, FileProbes, FunctionProbe, Probe } from "./probe-map.ts";
import { bare, blockOf, isCounted, isLogical, isLoop } from "./shapes.ts";

interface List {
  /** Before all of them. */
  readonly heads: Probe[];
  /** Before each; rewriting replaces statements one by one, so each stays where it is. */
  readonly each: (Probe | undefined)[];
}

export class FileInstrument {
  readonly #source: asc.Source;
  readonly #next: () => number;
  readonly #functions: FunctionProbe[] = [];
  readonly #statements: Probe[] = [];
  readonly #branches: BranchProbe[] = [];
  /** Lists of statements, with what is to be counted. */
  readonly #lists = new Map<asc.Statement[], List>();
  /** Put the probes into expressions. */
  readonly #insertions: (() => void)[] = [];
  /** Expressions of which only the truth matters. */
  readonly #conditions = new Set<asc.Expression>();
  readonly #seen = new Set<asc.Node>();

  /** @param next - Gives the number of a counter that is free. */
  constructor(source: asc.Source, next: () => number) {
    this.#source = source;
    this.#next = next;
    walk(source.statements, (node) => {
      if (node instanceof asc.ClassDeclaration) this.#class(node);
      if (node instanceof asc.FunctionDeclaration && !(node instanceof asc.MethodDeclaration)) {
        this.#function(node, "");
      }
      return undefined;
    });
  }

  /** @param file - Absolute path. */
  probes(file: string): FileProbes {
    return {
      file,
      functions: this.#functions,
      statements: this.#statements,
      branches: this.#branches,
    };
  }

  /** Rewrites the file, once. */
  apply(): void {
    for (const insert of this.#insertions) insert();
    for (const [statements, { heads, each }] of this.#lists) {
      const [first] = statements;
      const own = statements.flatMap((statement, index) => {
        const probe = each[index];
        return probe === undefined ? [statement] : [hit(probe, statement), statement];
      });
      const at = first ?? this.#source.statements[0];
      if (at === undefined) continue;
      statements.splice(0, statements.length, ...heads.map((head) => hit(head, at)), ...own);
    }
  }

  #class(node: asc.ClassDeclaration): void {
    for (const member of node.members) {
      if (member instanceof asc.MethodDeclaration) this.#function(member, `${node.name.text}.`);
    }
  }

  #function(node: asc.FunctionDeclaration, prefix: string): void {
    const { body } = node;
    // A body of one expression is a statement of the function around it.
    if (!(body instanceof asc.BlockStatement) || this.#seen.has(node)) return;
    this.#seen.add(node);
    const name = node.name.text === "" ? "(anonymous)" : prefix + node.name.text;
    const probe = this.#probe(node);
    this.#functions.push({ name, ...probe });
    this.#list(body.statements).heads.push(probe);
    walk([body], (inner) => {
      this.#node(inner);
      return undefined;
    });
  }

  #node(node: asc.Node): void {
    if (this.#seen.has(node)) return;
    this.#seen.add(node);
    if (node instanceof asc.BlockStatement) this.#list(node.statements);
    else if (node instanceof asc.IfStatement) this.#if(node);
    else if (node instanceof asc.SwitchStatement) this.#switch(node);
    else if (node instanceof asc.TernaryExpression) this.#conditional(node);
    else if (isLogical(node)) this.#logical(node);
    else if (isLoop(node)) {
      if (!(node instanceof asc.ForOfStatement) && node.condition) this.#condition(node.condition);
      node.body = blockOf(node.body);
    }
  }

  /** One probe for each statement. */
  #list(statements: asc.Statement[]): List {
    const known = this.#lists.get(statements);
    if (known !== undefined) return known;
    const each = statements.map((statement) =>
      isCounted(statement) ? this.#probe(statement) : undefined,
    );
    this.#statements.push(...each.filter((probe) => probe !== undefined));
    const list = { heads: [], each };
    this.#lists.set(statements, list);
    return list;
  }

  #if(node: asc.IfStatement): void {
    this.#condition(node.condition);
    const then = blockOf(node.ifTrue);
    node.ifTrue = then;
    const taken = this.#probe(then);
    const { ifFalse } = node;
    const otherwise = ifFalse === null ? null : blockOf(ifFalse);
    node.ifFalse = otherwise;
    const passed = otherwise === null ? this.#probe(node) : this.#probe(otherwise);
    this.#branches.push({ kind: "if", ...this.#place(node), arms: [taken, passed] });
    this.#list(then.statements).heads.push(taken);
    if (otherwise !== null) this.#list(otherwise.statements).heads.push(passed);
    else {
      this.#insert(() => {
        node.ifFalse = new asc.BlockStatement([hit(passed, node)], node.range);
      });
    }
  }

  #switch(node: asc.SwitchStatement): void {
    const arms = node.cases.map((each) => {
      // A case without a label begins with what it does.
      const probe = this.#probe(each.label ?? each.statements[0] ?? each);
      this.#list(each.statements).heads.push(probe);
      return probe;
    });
    this.#branches.push({ kind: "switch", ...this.#place(node), arms });
  }

  #conditional(node: asc.TernaryExpression): void {
    this.#condition(node.condition);
    const [then, otherwise] = [this.#probe(node.ifThen), this.#probe(node.ifElse)];
    this.#branches.push({ kind: "conditional", ...this.#place(node), arms: [then, otherwise] });
    this.#insert(() => {
      node.ifThen = counted(then, node.ifThen);
      node.ifElse = counted(otherwise, node.ifElse);
    });
  }

  /** The first operand always runs, as often as the statement does; each other has a probe. */
  #logical(node: asc.BinaryExpression): void {
    const arms: Probe[] = [];
    const isCondition = this.#conditions.has(node);
    const collect = (part: asc.BinaryExpression, first: number | undefined): void => {
      this.#seen.add(part);
      const left = bare(part.left);
      if (isLogical(left)) collect(left, first);
      else arms.push({ id: first ?? -1, ...this.#place(part.left) });
      const probe = this.#probe(part.right);
      const right = bare(part.right);
      if (isLogical(right)) collect(right, probe.id);
      else arms.push(probe);
      this.#insert(() => {
        part.right = isCondition
          ? tested(probe, part.operator, part.right)
          : counted(probe, part.right);
      });
    };
    collect(node, undefined);
    const around = this.#around(node);
    this.#branches.push({
      kind: "logical",
      ...this.#place(node),
      arms: arms.map((arm) => (arm.id === -1 ? { ...arm, id: around } : arm)),
    });
  }

  /** The counter of the innermost statement, or else function, that an expression is part of. */
  #around(node: asc.Node): number {
    const [line, column] = pointAt(this.#source, node.range.start);
    const inside = ({ from, to }: Probe): boolean =>
      (from[0] < line || (from[0] === line && from[1] <= column)) &&
      (line < to[0] || (line === to[0] && column <= to[1]));
    return (this.#statements.findLast(inside) ?? this.#functions.findLast(inside))?.id ?? 0;
  }

  #condition(expression: asc.Expression): void {
    this.#conditions.add(expression);
    if (expression instanceof asc.ParenthesizedExpression) this.#condition(expression.expression);
    if (
      expression instanceof asc.UnaryPrefixExpression &&
      expression.operator === asc.Token.Exclamation
    ) {
      this.#condition(expression.operand);
    }
    if (isLogical(expression)) {
      this.#condition(expression.left);
      this.#condition(expression.right);
    }
  }

  #place({ range }: asc.Node): { from: Probe["from"]; to: Probe["to"] } {
    return { from: pointAt(this.#source, range.start), to: pointAt(this.#source, range.end) };
  }

  #probe(node: asc.Node): Probe {
    return { id: this.#next(), ...this.#place(node) };
  }

  #insert(insertion: () => void): void {
    this.#insertions.push(insertion);
  }
}
