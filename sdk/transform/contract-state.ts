/**
 * Reads a state field of a `@contract` class.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type { AbiStateField } from "#protocol/abi.ts";
import { decoratorOf, isOmitted, literalOf, typeIdentifier } from "./ast.ts";
import type { Report } from "./report.ts";
import type { Scope } from "./scope.ts";

export interface StateField {
  readonly name: string;
  /** The name under which it is stored: the field's own, or that of `@was`. */
  readonly key: string;
  readonly kind: AbiStateField["kind"];
  readonly declaration: asc.FieldDeclaration;
  readonly type: asc.TypeNode;
}

/** What the SDK calls its collections, and the ABI. */
export const collections: Readonly<Record<string, AbiStateField["kind"]>> = {
  Mapping: "mapping",
  List: "list",
  KeySet: "keyset",
  IndexedMap: "indexedmap",
};

/** @returns Nothing for a field that is not stored. */
export function readField(
  member: asc.FieldDeclaration,
  scope: Scope,
  report: Report,
): StateField | undefined {
  if (member.is(asc.CommonFlags.Static) || decoratorOf(member, "transient")) return undefined;
  const name = member.name.text;
  const { type } = member;
  if (type === null || isOmitted(type)) {
    report("HRM3104", member.name, `the state field '${name}' has no type`);
    return undefined;
  }
  const was = decoratorOf(member, "was");
  const former = was ? literalOf(was) : undefined;
  if (was && former === undefined) {
    report("HRM3116", was, "@was does not name the former field");
  }
  const kind = collectionKind(member, type, scope) ?? "cell";
  if (kind === "cell" && member.initializer === null) {
    report("HRM3105", member.name, `the state field '${name}' has no first value`);
  }
  if (kind !== "cell" && (member.initializer !== null || type.isNullable)) {
    report("HRM3114", member.name, `the collection '${name}' cannot be assigned`);
  }
  return { name, key: former ?? name, kind, declaration: member, type };
}

function collectionKind(
  member: asc.FieldDeclaration,
  type: asc.TypeNode,
  scope: Scope,
): AbiStateField["kind"] | undefined {
  const identifier = typeIdentifier(type);
  if (identifier === undefined) return undefined;
  const meaning = scope.find(member.range.source, identifier);
  return meaning && "sdk" in meaning ? collections[meaning.sdk] : undefined;
}
