/**
 * Turns `for (const item of items)` into a counted loop: the compiler parses it but knows no iterators.
 *
 * Of a string it takes code points, as TypeScript does; the compiler drops the side of `isString` that does not apply.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { parseStatement, walk } from "./ast.ts";

/** Rewrites every for-of loop of one file. */
export function rewriteLoops(source: asc.Source): void {
  let count = 0;
  walk(source.statements, (node) => {
    if (!(node instanceof asc.ForOfStatement)) return undefined;
    return counted(node, count++);
  });
}

function counted(node: asc.ForOfStatement, id: number): asc.Statement {
  const item = itemStatement(node.variable);
  const [at, of] = [`__i${id}`, `__of${id}`];
  const point = `${of}.codePointAt(${at})`;
  const loop = parseStatement(
    `for (let ${at} = 0, ${of} = __items; ${at} < ${of}.length; ${at} += isString(${of}) ? (${point} > 0xffff ? 2 : 1) : 1) {
      ${item} isString(${of}) ? String.fromCodePoint(${point}) : ${of}[${at}];
    }`,
    node.range,
  );
  if (!(loop instanceof asc.ForStatement)) throw new Error("not a loop");
  const { initializer, body } = loop;
  if (!(initializer instanceof asc.VariableStatement)) throw new Error("not a declaration");
  if (!(body instanceof asc.BlockStatement)) throw new Error("not a block");
  const items = initializer.declarations[1];
  // The author's own nodes keep their places in the file.
  if (items) items.initializer = node.iterable;
  body.statements.push(node.body);
  return loop;
}

/** The start of the statement that sets the loop's variable. */
function itemStatement(variable: asc.Statement): string {
  if (variable instanceof asc.VariableStatement) {
    const [declaration] = variable.declarations;
    if (!declaration) throw new Error("a loop without a variable");
    const keyword = declaration.is(asc.CommonFlags.Const) ? "const" : "let";
    return `${keyword} ${declaration.name.text} =`;
  }
  return `${variable.range.toString()} =`;
}
