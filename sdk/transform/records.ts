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
  const contract = lineage.find((base) => decoratorOf(base, "contract"));
  if (contract && contract !== declaration) {
    const at = declaration.extendsType ?? declaration.name;
    report("HRM3213", at, `'${name}' extends the contract '${contract.name.text}'`);
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
        const { text } = parameter.name;
        if (parameter.implicitFieldDeclaration) add(text, parameter.type, parameter);
        else if (isEmpty(member.body)) report("HRM3218", parameter, `'${text}' is kept nowhere`);
      }
    }
  }
  for (const member of declaration.members) {
    if (!(member instanceof asc.FieldDeclaration) || member.is(asc.CommonFlags.Static)) continue;
    if (member.parameterIndex < 0) add(member.name.text, member.type, member);
  }
  return fields;
}

function isEmpty(body: asc.Statement | null): boolean {
  return body instanceof asc.BlockStatement && body.statements.length === 0;
}

/**
 * Gives record classes, and what they extend, the methods that the SDK's codec calls.
 *
 * @param extended - Classes that others extend: the SDK looks whether an object is of the class itself.
 */
export function addCodecs(
  records: readonly RecordClass[],
  extended: ReadonlySet<asc.ClassDeclaration>,
): void {
  const classes = new Set(records.flatMap(({ lineage }) => lineage));
  for (const declaration of classes) addFieldCodec(declaration, records);
  for (const record of records) addCodec(record, extended.has(record.declaration));
}

/** What codes the fields that one class declares, behind those of its base. */
function addFieldCodec(declaration: asc.ClassDeclaration, records: readonly RecordClass[]): void {
  const record = records.find(({ lineage }) => lineage.includes(declaration));
  const fields = record?.fields.filter(({ owner }) => owner === declaration);
  const puts = fields?.map(
    ({ name, type }) => `__hermetic.encode<${textOf(type)}>(__writer, this.${name});`,
  );
  // A field may be read-only to the author's code, so it is not assigned but written in its place.
  const takes = fields?.map(
    ({ name, type }) => `store<${textOf(type)}>(changetype<usize>(this),
      __hermetic.decode<${textOf(type)}>(__reader), offsetof<this>("${name}"));`,
  );
  const first = record?.fields.findIndex(({ owner }) => owner === declaration) ?? 0;
  const keyPuts = fields?.map(
    ({ name, type }, index) => `if (__fields > ${first + index})
      __offset = __hermetic.putPart<${textOf(type)}>(__offset, this.${name});`,
  );
  const keyTakes = fields?.map(
    ({ name, type }) => `store<${textOf(type)}>(changetype<usize>(this),
      __hermetic.takePart<${textOf(type)}>(__at, __end), offsetof<this>("${name}"));
      __at = __hermetic.partEnd();`,
  );
  const above = (code: string): string => (declaration.extendsType ? code : "");
  const members = [
    `__encodeFields(__writer: __hermetic.Writer): void {
      ${above("super.__encodeFields(__writer);")} ${puts?.join(" ")} }`,
    `__decodeFields(__reader: __hermetic.Reader): void {
      ${above("super.__decodeFields(__reader);")} ${takes?.join(" ")} }`,
    `__putKey(__offset: u32, __fields: u32): u32 {
      ${above("__offset = super.__putKey(__offset, __fields);")} ${keyPuts?.join(" ")}
      return __offset; }`,
    `__takeKey(__at: usize, __end: usize): usize {
      ${above("__at = super.__takeKey(__at, __end);")} ${keyTakes?.join(" ")}
      return __at; }`,
  ];
  const at = declaration.name.range;
  declaration.members.push(...members.map((code) => parseMember(code, declaration, at)));
}

function addCodec({ kind, declaration, fields, isPublic }: RecordClass, isExtended: boolean): void {
  const members = [
    `__encode(__writer: __hermetic.Writer): void {
      __writer.open(${fields.length}); this.__encodeFields(__writer); __writer.close(); }`,
    `__decode(__reader: __hermetic.Reader): void {
      __reader.openExactly(${fields.length}); this.__decodeFields(__reader); __reader.close(); }`,
  ];
  if (kind === "data") members.push(`__keyFields(): u32 { return ${fields.length}; }`);
  if (isExtended) members.push("__isExtended(): void {}");
  if (kind === "event") members.push(`__isPublic(): bool { return ${isPublic}; }`);
  const at = declaration.name.range;
  declaration.members.push(...members.map((code) => parseMember(code, declaration, at)));
}
