/**
 * Warns of variables outside of methods: every call has a fresh instance, so what one call leaves in them
 * the next does not find, and a count kept there is 0 for ever.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type { Report } from "./report.ts";

/** Checks the variables of one file, and the static fields of its classes. */
export function checkGlobals(source: asc.Source, warn: Report): void {
  for (const statement of source.statements) {
    if (statement instanceof asc.VariableStatement) {
      for (const each of statement.declarations) check(each, warn);
    }
    if (!(statement instanceof asc.ClassDeclaration)) continue;
    for (const member of statement.members) {
      if (member instanceof asc.FieldDeclaration && member.is(asc.CommonFlags.Static)) {
        check(member, warn);
      }
    }
  }
}

const fixed = asc.CommonFlags.Const | asc.CommonFlags.Readonly | asc.CommonFlags.Ambient;

function check(declaration: asc.DeclarationStatement, warn: Report): void {
  if (declaration.isAny(fixed)) return;
  const { name } = declaration;
  warn("HRM3328", name, `'${name.text}' begins anew with every call`);
}
