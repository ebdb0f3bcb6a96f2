/**
 * The compiler, which says of each mistake found in a library what of the author's code led there.
 *
 * Generic functions of the SDK are compiled where they are first used; what does not fit them is noticed
 * inside of them, at a line that the author has never seen.
 *
 * @module
 */
import * as asc from "assemblyscript";

export class TracingCompiler extends asc.Compiler {
  override compileExpression(
    expression: asc.Expression,
    contextualType: asc.Type,
    constraints?: asc.Constraints,
  ): asc.ExpressionRef {
    const known = this.diagnostics.length;
    const compiled = super.compileExpression(expression, contextualType, constraints);
    if (this.diagnostics.length > known && isAuthors(expression.range)) {
      // The innermost expression comes first, and stays.
      for (const message of this.diagnostics.slice(known)) {
        const places = [message.range, message.relatedRange];
        if (!places.some((place) => place && isAuthors(place))) {
          message.relatedRange = expression.range;
        }
      }
    }
    return compiled;
  }
}

function isAuthors({ source }: asc.Range): boolean {
  return (
    source.sourceKind === asc.SourceKind.User || source.sourceKind === asc.SourceKind.UserEntry
  );
}
