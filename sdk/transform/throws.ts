/**
 * Turns `throw new X()` of an `@error` class into a typed failure.
 *
 * The compiler itself reads the first argument of whatever is thrown as a message string; a typed
 * error would not compile or, worse, lose its type.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { decoratorOf, nameOf, parseStatement, walk } from "./ast.ts";
import type { Report } from "./report.ts";
import type { Scope } from "./scope.ts";

/** Rewrites every throw statement of one file; returns whether any was typed. */
export function rewriteThrows(source: asc.Source, scope: Scope, report: Report): boolean {
  let isRewritten = false;
  walk(source.statements, (node) => {
    if (!(node instanceof asc.ThrowStatement)) return undefined;
    const { value } = node;
    if (!(value instanceof asc.NewExpression)) {
      report("HRM3206", value, "this cannot be thrown");
      return undefined;
    }
    const meaning = scope.findType(source, value.typeName);
    if (meaning && "class" in meaning && decoratorOf(meaning.class, "error")) {
      isRewritten = true;
      return typedFailure(node, value);
    }
    if (nameOf(value.typeName) !== "Error") {
      report("HRM3206", value, `'${nameOf(value.typeName)}' is not an @error class`);
    }
    return undefined;
  });
  return isRewritten;
}

/**
 * The loop is there for the compiler's flow analysis: unlike a bare `unreachable()` it ends the flow,
 * so that no return is demanded after it and `x` is not null after `if (x === null) throw …`.
 */
function typedFailure(node: asc.ThrowStatement, value: asc.NewExpression): asc.Statement {
  const type = nameOf(value.typeName);
  const code = `{ __hermetic.fail<${type}>(__error); while (true) unreachable(); }`;
  const block = parseStatement(code, node.range);
  const [call] = block instanceof asc.BlockStatement ? block.statements : [];
  if (!(call instanceof asc.ExpressionStatement)) throw new Error("not a call");
  if (!(call.expression instanceof asc.CallExpression)) throw new Error("not a call");
  // The author's own `new X(…)` keeps its place in the file.
  call.expression.args[0] = value;
  return block;
}
