/**
 * The types of the ABI from what the compiler has resolved: aliases, generics and inherited fields are
 * as it understands them, not as the source looks.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type { AbiField, AbiRecord, AbiScalar, AbiType } from "#protocol/abi.ts";
import { collections } from "./contract-state.ts";
import type { RecordClass } from "./records.ts";
import type { Report } from "./report.ts";

const scalars: ReadonlySet<string> = new Set<AbiScalar>([
  "bool",
  "u8",
  "u16",
  "u32",
  "u64",
  "i8",
  "i16",
  "i32",
  "i64",
  "f32",
  "f64",
]);
const classes: Readonly<Record<string, AbiScalar>> = {
  "~lib/string/String": "string",
  "~lib/typedarray/Uint8Array": "bytes",
  "~lib/hermetic/contract/account/Account": "account",
  "~lib/@btc-vision/as-bignum/assembly/integer/u128/u128": "u128",
  "~lib/@btc-vision/as-bignum/assembly/integer/u256/u256": "u256",
};
const keys: ReadonlySet<AbiType> = new Set<AbiType>([
  "bool",
  "u8",
  "u16",
  "u32",
  "u64",
  "u128",
  "u256",
  "i8",
  "i16",
  "i32",
  "i64",
  "string",
  "bytes",
  "account",
]);
/** Stands for a type that has been reported. */
const UNKNOWN: AbiType = "bool";

export interface TypeInput {
  readonly program: asc.Program;
  readonly records: readonly RecordClass[];
  readonly docOf: (node: asc.Node) => string | undefined;
  readonly report: Report;
}

export class AbiTypes {
  readonly #input: TypeInput;
  /** By name; undefined while the fields are still looked at, as a class may contain itself. */
  readonly #types = new Map<string, AbiRecord | undefined>();
  readonly #owners = new Map<string, asc.DeclarationStatement>();

  constructor(input: TypeInput) {
    this.#input = input;
  }

  /** The `@data` classes met so far, in the order in which they were met. */
  get met(): AbiRecord[] {
    return [...this.#types.values()].filter((type) => type !== undefined);
  }

  /** The instance of a class that has no type parameters. */
  instanceOf(declaration: asc.ClassDeclaration): asc.Class | null {
    const { program } = this.#input;
    const element = program.getElementByDeclaration(declaration);
    if (!(element instanceof asc.ClassPrototype)) return null;
    return program.resolver.resolveClass(element, null);
  }

  /** What a type means where it is written in a class. */
  resolve(node: asc.TypeNode, instance: asc.Class | null): asc.Type | null {
    if (!instance) return null;
    const { resolver } = this.#input.program;
    return resolver.resolveType(node, null, instance, instance.contextualTypeArguments);
  }

  type(node: asc.TypeNode, instance: asc.Class | null): AbiType {
    const type = this.resolve(node, instance);
    return type ? this.#resolved(type, node) : UNKNOWN;
  }

  key(node: asc.TypeNode, instance: asc.Class | null): AbiType {
    const type = this.resolve(node, instance);
    if (!type) return UNKNOWN;
    const problem = this.#whyNoKey(type, `'${node.range}'`, []);
    if (problem === undefined) return this.#resolved(type, node);
    this.#input.report("HRM3208", node, problem);
    return UNKNOWN;
  }

  /** What keeps a type from being a key, or a part of one. */
  #whyNoKey(type: asc.Type, what: string, within: readonly asc.Class[]): string | undefined {
    const scalar = type.isNullableReference ? undefined : scalarOf(type);
    if (scalar !== undefined && keys.has(scalar)) return undefined;
    const instance = type.isNullableReference ? null : type.classReference;
    const record = instance && this.#recordOf(instance);
    if (!record || record.fields.length === 0 || within.includes(instance)) {
      return `${what} cannot be ${within.length === 0 ? "a key" : "a part of a key"}`;
    }
    for (const field of record.fields) {
      const inner = this.resolve(field.type, partOf(instance, field.owner));
      const name = `'${field.name}' of '${record.declaration.name.text}'`;
      const problem = inner ? this.#whyNoKey(inner, name, [...within, instance]) : undefined;
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** The `@data` class that an instance is of. */
  #recordOf({ prototype }: asc.Class): RecordClass | undefined {
    const { declaration } = prototype;
    const record = this.#input.records.find((each) => each.declaration === declaration);
    return record?.kind === "data" ? record : undefined;
  }

  /** @param name - What it is called, if not as its class. */
  record(record: RecordClass, instance: asc.Class | null, name?: string): AbiRecord {
    const { docOf } = this.#input;
    const fields = record.fields.map((field): AbiField => ({
      name: field.name,
      type: this.type(field.type, partOf(instance, field.owner)),
      ...doc(docOf(field.node)),
    }));
    return {
      name: name ?? record.declaration.name.text,
      ...doc(docOf(record.declaration)),
      fields,
      ...(record.isPublic ? { public: true } : {}),
    };
  }

  #resolved(type: asc.Type, node: asc.TypeNode): AbiType {
    if (type.isNullableReference) return { option: this.#resolved(type.nonNullableType, node) };
    const scalar = scalarOf(type);
    if (scalar) return scalar;
    const { classReference } = type;
    if (!classReference) return this.#unsupported(type, node);
    const { prototype } = classReference;
    if (prototype.internalName === "~lib/array/Array") {
      const item = classReference.typeArguments?.[0];
      return item ? { list: this.#resolved(item, node) } : this.#unsupported(type, node);
    }
    const { declaration } = prototype;
    const record = this.#recordOf(classReference);
    if (!record) return this.#unsupported(type, node);
    if (declaration.is(asc.CommonFlags.Abstract)) {
      const { name } = prototype;
      this.#input.report("HRM3216", node, `'${name}' is abstract: no value is of this very class`);
    }
    const name = this.#nameOf(classReference, node);
    const owner = this.#owners.get(name);
    if (owner !== undefined && owner !== declaration) {
      this.#input.report("HRM3211", declaration.name, `there is another @data class '${name}'`);
    }
    if (!this.#types.has(name)) {
      this.#owners.set(name, declaration);
      this.#types.set(name, undefined);
      this.#types.set(name, this.record(record, classReference, name));
    }
    return { data: name };
  }

  /** The name of a class with what stands for its type parameters. */
  #nameOf(instance: asc.Class, node: asc.TypeNode): string {
    const { name } = instance.prototype;
    const types = instance.typeArguments ?? [];
    if (types.length === 0) return name;
    return `${name}<${types.map((type) => textOf(this.#resolved(type, node))).join(", ")}>`;
  }

  #unsupported(type: asc.Type, node: asc.TypeNode): AbiType {
    const { report } = this.#input;
    const { classReference } = type;
    const source = classReference?.prototype.declaration.range.source;
    const collection = classReference ? collectionOf(classReference) : undefined;
    if (collection !== undefined) {
      report("HRM3215", node, `a ${collection} stands where a value is meant`);
      return UNKNOWN;
    }
    const isOwn = source?.sourceKind === asc.SourceKind.User;
    if (isOwn) {
      report("HRM3201", node, `the class '${classReference?.prototype.name}' is not marked @data`);
    } else report("HRM3202", node, `a value of type '${node.range}' cannot cross the boundary`);
    return UNKNOWN;
  }
}

/** The name of a collection of state. */
function collectionOf({ prototype }: asc.Class): string | undefined {
  const isOurs = prototype.internalName.startsWith("~lib/hermetic/contract/");
  return isOurs && prototype.name in collections ? prototype.name : undefined;
}

/** The instance of a base as which an instance was made. */
export function partOf(
  instance: asc.Class | null,
  declaration: asc.ClassDeclaration,
): asc.Class | null {
  let part = instance;
  while (part && part.prototype.declaration !== declaration) part = part.base;
  return part;
}

function scalarOf(type: asc.Type): AbiScalar | undefined {
  const { classReference } = type;
  if (classReference) return classes[classReference.prototype.internalName];
  const name = type.toString();
  return scalars.has(name) ? (name as AbiScalar) : undefined;
}

/** A type as authors write it. */
function textOf(type: AbiType): string {
  if (typeof type === "string") return type;
  if ("option" in type) return `${textOf(type.option)} | null`;
  if ("list" in type) return `${textOf(type.list)}[]`;
  return type.data;
}

/** The doc comment as a part of what it describes. */
export function doc(text: string | undefined): { doc?: string } {
  return text === undefined ? {} : { doc: text };
}
