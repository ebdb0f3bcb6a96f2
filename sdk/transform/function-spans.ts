/**
 * Where in their files the author's functions stand, and what each calls.
 *
 * The optimiser puts functions into each other. A source map still leads each instruction to its line; only
 * this tells which function the line is of, and which line of another it was called from.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { walk } from "./ast.ts";
import type { FunctionSpan, Point } from "./function-span.ts";

/** The functions of a file as its author has written it, outer ones before inner ones. */
export function functionSpans(source: asc.Source): FunctionSpan[] {
  const spans: FunctionSpan[] = [];
  walk(source.statements, (node) => {
    if (node instanceof asc.ClassDeclaration) {
      for (const member of node.members) {
        if (member instanceof asc.MethodDeclaration) take(member, `${node.name.text}.`);
      }
    }
    if (node instanceof asc.FunctionDeclaration && !(node instanceof asc.MethodDeclaration)) {
      take(node, "");
    }
    return undefined;
  });
  return spans;

  function take(node: asc.FunctionDeclaration, prefix: string): void {
    const { body } = node;
    if (body === null) return;
    const name = node.name.text === "" ? "(anonymous)" : prefix + node.name.text;
    const { normalizedPath: file } = source;
    const { start, end } = node.range;
    spans.push({
      file,
      name,
      from: pointAt(source, start),
      to: pointAt(source, end),
      calls: callsIn(body),
    });
  }
}

/** Line and column of an offset in the text. */
export function pointAt(source: asc.Source, offset: number): Point {
  const line = source.lineAt(offset);
  return [line, source.columnAt()];
}

function callsIn(body: asc.Statement): [string, number, number][] {
  const calls: [string, number, number][] = [];
  walk([body], (node) => {
    const name = calledName(node);
    if (name !== undefined) calls.push([name, ...pointAt(node.range.source, node.range.start)]);
    return undefined;
  });
  return calls;
}

function calledName(node: asc.Node): string | undefined {
  if (node instanceof asc.NewExpression) return "constructor";
  if (!(node instanceof asc.CallExpression)) return undefined;
  const { expression } = node;
  if (expression instanceof asc.IdentifierExpression) return expression.text;
  return expression instanceof asc.PropertyAccessExpression ? expression.property.text : undefined;
}
