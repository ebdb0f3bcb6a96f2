/**
 * `@data`, `@event` and `@error` classes: finds their fields and writes their codec.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { decoratorOf, isOmitted, literalOf, parseMember, textOf } from "./ast.ts";
import type { Report } from "./report.ts";

export type RecordKind = "data" | "event" | "error";

export interface RecordField {
  readonly name: string;
  readonly type: asc.TypeNode;
  readonly node: asc.Node;
}

export interface RecordClass {
  readonly kind: RecordKind;
  readonly declaration: asc.ClassDeclaration;
  readonly fields: readonly RecordField[];
  readonly isPublic: boolean;
}

const kinds: readonly RecordKind[] = ["data", "event", "error"];

/** Reads a class as a record, or nothing if it is none. */
export function readRecord(
  declaration: asc.ClassDeclaration,
  report: Report,
): RecordClass | undefined {
  const found = kinds.filter((kind) => decoratorOf(declaration, kind));
  const kind = found[0];
  if (kind === undefined) return undefined;
  const name = declaration.name.text;
  if (found.length > 1) {
    report("HRM3204", declaration.name, `'${name}' is both @${found.join(" and @")}`);
  }
  if (declaration.extendsType || (declaration.typeParameters?.length ?? 0) > 0) {
    report("HRM3204", declaration.name, `the @${kind} class '${name}' must stand alone`);
  }
  const decorator = decoratorOf(declaration, kind);
  const isPublic = (decorator?.args?.length ?? 0) > 0;
  if (decorator && isPublic && (kind !== "event" || literalOf(decorator) !== "public")) {
    report("HRM3209", decorator, `@${kind} does not take this`);
  }
  return { kind, declaration, fields: fieldsOf(declaration, report), isPublic };
}

/** Constructor parameters that are fields come first, in their order, then the fields as written. */
function fieldsOf(declaration: asc.ClassDeclaration, report: Report): RecordField[] {
  const fields: RecordField[] = [];
  const add = (name: string, type: asc.TypeNode | null, node: asc.Node): void => {
    if (type === null || isOmitted(type)) report("HRM3104", node, `'${name}' has no type`);
    else if (name.startsWith("__")) report("HRM3111", node, `'${name}' is a reserved name`);
    else fields.push({ name, type, node });
  };
  for (const member of declaration.members) {
    if (member instanceof asc.MethodDeclaration && member.name.text === "constructor") {
      for (const parameter of member.signature.parameters) {
        if (parameter.implicitFieldDeclaration) add(parameter.name.text, parameter.type, parameter);
      }
    }
  }
  for (const member of declaration.members) {
    if (!(member instanceof asc.FieldDeclaration) || member.is(asc.CommonFlags.Static)) continue;
    if (member.parameterIndex < 0) add(member.name.text, member.type, member);
  }
  return fields;
}

/** Gives a record class the methods that the SDK's codec calls. */
export function addCodec(record: RecordClass): void {
  const { declaration, fields } = record;
  const at = declaration.name.range;
  const puts = fields.map(
    ({ name, type }) => `__hermetic.encode<${textOf(type)}>(__writer, this.${name});`,
  );
  // A field may be read-only to the author's code, so it is not assigned but written in its place.
  const takes = fields.map(
    ({ name, type }) => `store<${textOf(type)}>(changetype<usize>(this),
      __hermetic.decode<${textOf(type)}>(__reader), offsetof<this>("${name}"));`,
  );
  const members = [
    `__encode(__writer: __hermetic.Writer): void {
      __writer.open(${fields.length}); ${puts.join(" ")} __writer.close(); }`,
    `__decode(__reader: __hermetic.Reader): void {
      __reader.openExactly(${fields.length}); ${takes.join(" ")} __reader.close(); }`,
  ];
  if (record.kind === "event") {
    members.push(`__isPublic(): bool { return ${record.isPublic}; }`);
  }
  declaration.members.push(...members.map((code) => parseMember(code, declaration, at)));
}
