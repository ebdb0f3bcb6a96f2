/**
 * The classes that a class extends, as far as they are the author's.
 *
 * @module
 */
import type * as asc from "assemblyscript";
import { nameOf } from "./ast.ts";
import type { ProblemCode } from "./problem.ts";
import type { Report } from "./report.ts";
import type { Scope } from "./scope.ts";

/**
 * A class and all that it extends, the first base first.
 *
 * @param code - Reported where a base is no class of the author's files.
 */
export function lineageOf(
  declaration: asc.ClassDeclaration,
  scope: Scope,
  report: Report,
  code: ProblemCode,
): asc.ClassDeclaration[] {
  const lineage = [declaration];
  for (let top = declaration; top.extendsType;) {
    const meaning = scope.findType(top.range.source, top.extendsType.name);
    if (!meaning || !("class" in meaning) || lineage.includes(meaning.class)) {
      const name = nameOf(top.extendsType.name);
      report(code, top.extendsType, `'${name}' is no class that could be extended here`);
      break;
    }
    top = meaning.class;
    lineage.unshift(top);
  }
  return lineage;
}

/** The classes that others extend. */
export function extendedOf(
  declarations: readonly asc.ClassDeclaration[],
  scope: Scope,
): ReadonlySet<asc.ClassDeclaration> {
  const bases = declarations.flatMap(({ extendsType, range }) => {
    const meaning = extendsType && scope.findType(range.source, extendsType.name);
    return meaning && "class" in meaning ? [meaning.class] : [];
  });
  return new Set(bases);
}
