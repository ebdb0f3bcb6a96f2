/**
 * What a name in a file means, before the compiler has resolved anything: follows imports, renames
 * and re-exports, so that `import { TooLow as Low }` is still the `@error` class `TooLow`.
 *
 * @module
 */
import * as asc from "assemblyscript";

/** Where a name comes from: a class of the contract's files, or a name that the SDK exports. */
export type Meaning = { readonly class: asc.ClassDeclaration } | { readonly sdk: string };

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
    for (const statement of source.statements) {
      if (statement instanceof asc.ClassDeclaration && statement.name.text === name) {
        return { class: statement };
      }
      if (!(statement instanceof asc.ImportStatement) || !statement.declarations) continue;
      const declaration = statement.declarations.find((each) => each.name.text === name);
      if (declaration) {
        return this.#exported(statement.internalPath, declaration.foreignName.text, hops);
      }
    }
    return undefined;
  }

  /** What the name of a type means in `source`; `a.B` where `a` is `import * as a`. */
  findType(source: asc.Source, { identifier, next }: asc.TypeName): Meaning | undefined {
    if (!next) return this.find(source, identifier.text);
    return this.#findQualified(source, identifier.text, next.identifier.text);
  }

  #findQualified(source: asc.Source, space: string, name: string): Meaning | undefined {
    for (const statement of source.statements) {
      if (!(statement instanceof asc.ImportStatement)) continue;
      if (statement.namespaceName?.text === space) {
        return this.#exported(statement.internalPath, name, 0);
      }
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
