/**
 * Refuses every import but the world's. What would reach for a clock, for randomness or a console
 * compiles silently; here it is told what to use instead.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { walk } from "./ast.ts";
import type { Import } from "./optimise.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import type { World } from "./world.ts";

interface Rule {
  /** Module and name of the import. */
  readonly pattern: RegExp;
  readonly code: ProblemCode;
  /** What the author has written. */
  readonly written: RegExp;
}

const rules: readonly Rule[] = [
  { pattern: /^env seed$/, code: "HRM3316", written: /^(Native)?Mathf?\.random$/ },
  {
    pattern: /^env (Date|performance)\.now$/,
    code: "HRM3317",
    written: /^(Date|performance)\.now$/,
  },
  { pattern: /^env (console\..*|trace)$/, code: "HRM3318", written: /^(console\.\w+|trace)$/ },
];

/** Problems with the imports of a finished module. */
export function foreignImports(
  imports: readonly Import[],
  world: World,
  authored: readonly asc.Source[],
): Problem[] {
  const modules = new Set(world.modules.values());
  const foreign = imports.filter((each) => !modules.has(each.module));
  return foreign.flatMap((each): Problem[] => {
    const rule = rules.find(({ pattern }) => pattern.test(`${each.module} ${each.name}`));
    const places = authored.flatMap((source) => placesOf(source, each.name, rule));
    const message = `'${each.name}' is not there for contracts`;
    const code = rule?.code ?? "HRM3007";
    if (places.length === 0) return [{ code, message, range: null }];
    return places.map((range) => ({
      code,
      message: `'${range}' is not there for contracts`,
      range,
    }));
  });
}

/** Where a file calls, or declares, what became the import. */
function placesOf(source: asc.Source, name: string, rule: Rule | undefined): asc.Range[] {
  const places: asc.Range[] = [];
  walk(source.statements, (node) => {
    if (rule && node instanceof asc.CallExpression) {
      const { range } = node.expression;
      if (range.source === source && rule.written.test(range.toString())) places.push(range);
    } else if (!rule && node instanceof asc.FunctionDeclaration && node.name.text === name) {
      if (node.is(asc.CommonFlags.Ambient)) places.push(node.name.range);
    }
    return undefined;
  });
  return places;
}
