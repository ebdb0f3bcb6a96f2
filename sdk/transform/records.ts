/**
 * `@data`, `@event` and `@error` classes: finds their fields and writes their codec.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { lineageOf } from "./bases.ts";
import { decoratorOf, isOmitted, literalOf, parseMember, textOf } from "./ast.ts";
import type { Report } from "./report.ts";
import type { Scope } from "./scope.ts";

export type RecordKind = "data" | "event" | "error";

export interface RecordField {
  readonly name: string;
  readonly type: asc.TypeNode;
  readonly node: asc.Node;
  /** The class that declares it. */
  readonly owner: asc.ClassDeclaration;
}

export interface RecordClass {
  readonly kind: RecordKind;
  readonly declaration: asc.ClassDeclaration;
  /** The class and what it extends, the first base first. */
  readonly lineage: readonly asc.ClassDeclaration[];
  /** Of the whole lineage. */
  readonly fields: readonly RecordField[];
  readonly isPublic: boolean;
}

const kinds: readonly RecordKind[] = ["data", "event", "error"];
const marks: readonly string[] = [...kinds, "contract"];

/** Reads a class as a record, or nothing if it is none. */
export function readRecord(
  declaration: asc.ClassDeclaration,
  scope: Scope,
  report: Report,
): RecordClass | undefined {
  const found = kinds.filter((kind) => decoratorOf(declaration, kind));
  const kind = found[0];
  if (kind === undefined) return undefined;
  const name = declaration.name.text;
  if (found.length > 1) {
    report("HRM3204", declaration.name, `'${name}' is both @${found.join(" and @")}`);
  }
  if (kind !== "data" && (declaration.typeParameters?.length ?? 0) > 0) {
    report("HRM3212", declaration.name, `the @${kind} class '${name}' has type parameters`);
  }
  const lineage = lineageOf(declaration, scope, report, "HRM3204");
  for (const base of lineage) {
    if (base === declaration || !marks.some((mark) => decoratorOf(base, mark))) continue;
    const at = declaration.extendsType ?? declaration.name;
    report(
      "HRM3213",
      at,
      `'${name}' extends '${base.name.text}', whose values have a form already`,
    );
  }
  const decorator = decoratorOf(declaration, kind);
  const isPublic = (decorator?.args?.length ?? 0) > 0;
  if (decorator && isPublic && (kind !== "event" || literalOf(decorator) !== "public")) {
    report("HRM3209", decorator, `@${kind} does not take this`);
  }
  const fields = lineage.flatMap((each) => fieldsOf(each, report));
  return { kind, declaration, lineage, fields, isPublic };
}

/** Constructor parameters that are fields come first, in their order, then the fields as written. */
function fieldsOf(declaration: asc.ClassDeclaration, report: Report): RecordField[] {
  const fields: RecordField[] = [];
  const add = (name: string, type: asc.TypeNode | null, node: asc.Node): void => {
    if (type === null || isOmitted(type)) report("HRM3104", node, `'${name}' has no type`);
    else if (name.startsWith("__")) report("HRM3111", node, `'${name}' is a reserved name`);
    else fields.push({ name, type, node, owner: declaration });
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

/** Gives record classes, and what they extend, the methods that the SDK's codec calls. */
export function addCodecs(records: readonly RecordClass[]): void {
  const classes = new Set(records.flatMap(({ lineage }) => lineage));
  for (const declaration of classes) addFieldCodec(declaration, records);
  for (const record of records) addCodec(record);
}

/** What codes the fields that one class declares, behind those of its base. */
function addFieldCodec(declaration: asc.ClassDeclaration, records: readonly RecordClass[]): void {
  const fields = records
    .find(({ lineage }) => lineage.includes(declaration))
    ?.fields.filter(({ owner }) => owner === declaration);
  const puts = fields?.map(
    ({ name, type }) => `__hermetic.encode<${textOf(type)}>(__writer, this.${name});`,
  );
  // A field may be read-only to the author's code, so it is not assigned but written in its place.
  const takes = fields?.map(
    ({ name, type }) => `store<${textOf(type)}>(changetype<usize>(this),
      __hermetic.decode<${textOf(type)}>(__reader), offsetof<this>("${name}"));`,
  );
  const above = (call: string): string => (declaration.extendsType ? `super.${call};` : "");
  const members = [
    `__encodeFields(__writer: __hermetic.Writer): void {
      ${above("__encodeFields(__writer)")} ${puts?.join(" ")} }`,
    `__decodeFields(__reader: __hermetic.Reader): void {
      ${above("__decodeFields(__reader)")} ${takes?.join(" ")} }`,
  ];
  const at = declaration.name.range;
  declaration.members.push(...members.map((code) => parseMember(code, declaration, at)));
}

function addCodec({ kind, declaration, fields, isPublic }: RecordClass): void {
  const members = [
    `__encode(__writer: __hermetic.Writer): void {
      __writer.open(${fields.length}); this.__encodeFields(__writer); __writer.close(); }`,
    `__decode(__reader: __hermetic.Reader): void {
      __reader.openExactly(${fields.length}); this.__decodeFields(__reader); __reader.close(); }`,
  ];
  if (kind === "event") members.push(`__isPublic(): bool { return ${isPublic}; }`);
  const at = declaration.name.range;
  declaration.members.push(...members.map((code) => parseMember(code, declaration, at)));
}
