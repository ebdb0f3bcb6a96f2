/**
 * What a name in a file means, before the compiler has resolved anything: follows imports, renames
 * and re-exports, so that `import { TooLow as Low }` is still the `@error` class `TooLow`.
 *
 * @module
 */
import * as asc from "assemblyscript";

/** Where a name comes from: a class or namespace of the contract's files, or a name that the SDK exports. */
export type Meaning =
  | { readonly class: asc.ClassDeclaration }
  | { readonly namespace: asc.NamespaceDeclaration }
  | { readonly sdk: string };

const SDK = "~lib/hermetic/contract";
/** Re-exports that may be chained; more is a circle. */
const HOPS_MAX = 16;

export class Scope {
  readonly #sources: ReadonlyMap<string, asc.Source>;

  constructor(sources: readonly asc.Source[]) {
    this.#sources = new Map(sources.map((source) => [source.internalPath, source]));
  }

  /** What `name` means in `source`. */
  find(source: asc.Source, name: string, hops = 0): Meaning | undefined {
    const declared = declaredIn(source.statements, name);
    if (declared) return declared;
    for (const statement of source.statements) {
      if (!(statement instanceof asc.ImportStatement) || !statement.declarations) continue;
      const declaration = statement.declarations.find((each) => each.name.text === name);
      if (declaration) {
        return this.#exported(statement.internalPath, declaration.foreignName.text, hops);
      }
    }
    return undefined;
  }

  /** What the name of a type means in `source`; `a.B` where `a` is a namespace or `import * as a`. */
  findType(source: asc.Source, { identifier, next }: asc.TypeName): Meaning | undefined {
    if (!next) return this.find(source, identifier.text);
    const space = this.find(source, identifier.text);
    if (!space) return this.#findQualified(source, identifier.text, next);
    return "namespace" in space ? inside(space.namespace, next) : undefined;
  }

  #findQualified(source: asc.Source, space: string, name: asc.TypeName): Meaning | undefined {
    for (const statement of source.statements) {
      if (!(statement instanceof asc.ImportStatement)) continue;
      if (statement.namespaceName?.text !== space) continue;
      const found = this.#exported(statement.internalPath, name.identifier.text, 0);
      if (!name.next) return found;
      return found && "namespace" in found ? inside(found.namespace, name.next) : undefined;
    }
    return undefined;
  }

  #exported(path: string, name: string, hops: number): Meaning | undefined {
    if (path === SDK) return { sdk: name };
    const source = this.#sources.get(path) ?? this.#sources.get(`${path}/index`);
    if (!source || hops > HOPS_MAX) return undefined;
    for (const statement of source.statements) {
      if (!(statement instanceof asc.ExportStatement)) continue;
      const member = statement.members?.find((each) => each.exportedName.text === name);
      if (member && statement.internalPath !== null) {
        return this.#exported(statement.internalPath, member.localName.text, hops + 1);
      }
      if (member) return this.find(source, member.localName.text, hops + 1);
      if (statement.members === null && statement.internalPath !== null) {
        const found = this.#exported(statement.internalPath, name, hops + 1);
        if (found) return found;
      }
    }
    return this.find(source, name, hops + 1);
  }
}

function inside(space: asc.NamespaceDeclaration, name: asc.TypeName): Meaning | undefined {
  const found = declaredIn(space.members, name.identifier.text);
  if (!name.next) return found;
  return found && "namespace" in found ? inside(found.namespace, name.next) : undefined;
}

/** The class or namespace that some statements declare under a name. */
function declaredIn(statements: readonly asc.Statement[], name: string): Meaning | undefined {
  for (const statement of statements) {
    if (!(statement instanceof asc.DeclarationStatement) || statement.name.text !== name) continue;
    if (statement instanceof asc.ClassDeclaration) return { class: statement };
    if (statement instanceof asc.NamespaceDeclaration) return { namespace: statement };
  }
  return undefined;
}
