/**
 * Checks `emit(new X())` where it is written: the compiler would complain inside the SDK.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { decoratorOf, nameOf, walk } from "./ast.ts";
import type { Report } from "./report.ts";
import type { Scope } from "./scope.ts";

export function checkEmits(source: asc.Source, scope: Scope, report: Report): void {
  walk(source.statements, (node) => {
    if (!(node instanceof asc.CallExpression)) return undefined;
    const { expression, args } = node;
    if (!(expression instanceof asc.IdentifierExpression)) return undefined;
    const called = scope.find(source, expression.text);
    if (!called || !("sdk" in called) || called.sdk !== "emit") return undefined;
    const [event] = args;
    if (!(event instanceof asc.NewExpression)) return undefined;
    const meaning = scope.findType(source, event.typeName);
    if (meaning && "class" in meaning && decoratorOf(meaning.class, "event")) return undefined;
    report("HRM3205", event, `'${nameOf(event.typeName)}' is not an @event class`);
    return undefined;
  });
}
