/**
 * The compiler, with two things that it does otherwise for the author's own code.
 *
 * Of each mistake found in a library it says what of the author's code led there: generic functions of the
 * SDK are compiled where they are first used, and what does not fit is noticed inside of them.
 *
 * Empty text, and a wide integer that is zero, are false in a condition, as `!` has it anyway and as TypeScript
 * has it. The compiler alone asks whether there is an object at all.
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

  override makeIsTrueish(
    expression: asc.ExpressionRef,
    type: asc.Type,
    node: asc.Node,
  ): asc.ExpressionRef {
    const not = type.getClass()?.lookupOverload(asc.OperatorKind.Not);
    if (!not || !isAuthors(node.range)) return super.makeIsTrueish(expression, type, node);
    const { module, currentType } = this;
    const holds = (value: asc.ExpressionRef): asc.ExpressionRef => {
      const isFalse = this.makeCallDirect(not, [value], node);
      this.currentType = currentType;
      return module.unary(asc.UnaryOp.EqzI32, isFalse);
    };
    if (!type.isNullableReference) return holds(expression);
    // A local is named as it is, so that the compiler knows that it is not null from here on.
    const isLocal = asc.getExpressionId(expression) === asc.ExpressionId.LocalGet;
    const local = isLocal
      ? asc.getLocalGetIndex(expression)
      : this.currentFlow.getTempLocal(type).index;
    const first = isLocal ? expression : module.local_tee(local, expression, type.isManaged);
    return module.if(first, holds(module.local_get(local, type.toRef())), module.i32(0));
  }
}

function isAuthors({ source }: asc.Range): boolean {
  return (
    source.sourceKind === asc.SourceKind.User || source.sourceKind === asc.SourceKind.UserEntry
  );
}
