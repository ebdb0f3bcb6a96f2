/**
 * Which of the author's functions may call themselves, by whatever way.
 *
 * The optimiser inlines by size, and so copies a small recursive function into itself again and again:
 * eight lines became 28 KB, and no call was saved that would not be made one level further down.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { walk } from "./ast.ts";

interface Node {
  /** What the compiler calls it; for generic functions the beginning of that. */
  readonly name: string;
  readonly calls: ReadonlySet<string>;
}

/**
 * What the compiler calls the recursive functions of some files; a `*` stands for type arguments.
 *
 * Functions are told apart by their plain names alone, so now and then one is named that is not
 * recursive: then it is a call that is not inlined, and nothing else.
 */
export function recursiveFunctions(sources: readonly asc.Source[]): string[] {
  const nodes = new Map<string, Node[]>();
  for (const source of sources) {
    for (const { plain, node } of functionsOf(source)) {
      nodes.set(plain, [...(nodes.get(plain) ?? []), node]);
    }
  }
  const recursive = [...nodes.keys()].filter((plain) => reaches(nodes, plain));
  return recursive.flatMap((plain) => (nodes.get(plain) ?? []).map(({ name }) => name));
}

function functionsOf(source: asc.Source): { plain: string; node: Node }[] {
  const found: { plain: string; node: Node }[] = [];
  const collect = (statements: readonly asc.Statement[], prefix: string): void => {
    for (const each of statements) {
      if (each instanceof asc.NamespaceDeclaration) {
        collect(each.members, `${prefix}${each.name.text}.`);
      } else if (each instanceof asc.ClassDeclaration) {
        const generic = each.typeParameters ? "*" : "";
        for (const member of each.members) {
          const isStatic = member.is(asc.CommonFlags.Static);
          add(member, `${prefix}${each.name.text}${generic}${isStatic ? "." : "#"}`);
        }
      } else {
        add(each, prefix);
      }
    }
  };
  const add = (each: asc.Statement, prefix: string): void => {
    if (!(each instanceof asc.FunctionDeclaration) || !each.body) return;
    const plain = each.name.text;
    const name = `${prefix}${plain}${each.typeParameters ? "*" : ""}`;
    found.push({ plain, node: { name, calls: callsOf(each.body) } });
  };
  collect(source.statements, `${source.internalPath}/`);
  return found;
}

function callsOf(body: asc.Statement): Set<string> {
  const calls = new Set<string>();
  walk([body], (node) => {
    if (!(node instanceof asc.CallExpression)) return undefined;
    const { expression } = node;
    if (expression instanceof asc.IdentifierExpression) calls.add(expression.text);
    if (expression instanceof asc.PropertyAccessExpression) calls.add(expression.property.text);
    return undefined;
  });
  return calls;
}

/** Whether a function leads back to itself. */
function reaches(nodes: ReadonlyMap<string, readonly Node[]>, plain: string): boolean {
  const seen = new Set<string>();
  const waiting = [plain];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const call of (nodes.get(name) ?? []).flatMap(({ calls }) => [...calls])) {
      if (call === plain) return true;
      if (!nodes.has(call) || seen.has(call)) continue;
      seen.add(call);
      waiting.push(call);
    }
  }
  return false;
}
