/**
 * The ABI from resolved types: what the compiler understands, not what the source looks like.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type {
  Abi,
  AbiField,
  AbiMethod,
  AbiRecord,
  AbiScalar,
  AbiStateField,
  AbiType,
} from "#protocol/abi.ts";
import { decoratorOf } from "./ast.ts";
import type { ContractClass, Method, StateField } from "./contract-class.ts";
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

export interface AbiInput {
  readonly program: asc.Program;
  readonly contract: ContractClass;
  readonly records: readonly RecordClass[];
  readonly docOf: (node: asc.Node) => string | undefined;
  readonly report: Report;
}

export function describe(input: AbiInput): Abi {
  return new Describer(input).abi();
}

class Describer {
  readonly #input: AbiInput;
  readonly #types = new Map<string, AbiRecord | undefined>();

  constructor(input: AbiInput) {
    this.#input = input;
  }

  abi(): Abi {
    const { contract, records, docOf } = this.#input;
    const instance = this.#instanceOf(contract.declaration);
    const methods = contract.methods.map((method) => this.#method(method, instance));
    if (!methods.some(({ kind }) => kind === "init")) {
      methods.unshift({ name: "init", kind: "init", inputs: [], output: null });
    }
    const own = records.filter((record) => !this.#isOthers(record));
    const others = records.filter((record) => this.#isOthers(record));
    const listed = (from: readonly RecordClass[], kind: RecordClass["kind"]): AbiRecord[] =>
      from.filter((record) => record.kind === kind).map((record) => this.#record(record));
    const events = listed(own, "event");
    const ownErrors = listed(own, "error");
    // Errors of contracts that are called may be handed on.
    const handedOn = listed(others, "error").filter(
      ({ name }) => !ownErrors.some((error) => error.name === name),
    );
    const errors = [...ownErrors, ...handedOn];
    const state = contract.state.map((field) => this.#state(field, instance));
    return {
      abi: 1,
      contract: contract.name,
      ...doc(docOf(contract.declaration)),
      methods,
      types: [...this.#types.values()].filter((type) => type !== undefined),
      events,
      errors,
      state,
    };
  }

  /** Whether a class stands in the file of another contract. */
  #isOthers({ declaration }: RecordClass): boolean {
    const { source } = declaration.range;
    if (source === this.#input.contract.declaration.range.source) return false;
    return source.statements.some(
      (each) => each instanceof asc.ClassDeclaration && decoratorOf(each, "contract"),
    );
  }

  #instanceOf(declaration: asc.ClassDeclaration): asc.Class | null {
    const { program } = this.#input;
    const element = program.getElementByDeclaration(declaration);
    if (!(element instanceof asc.ClassPrototype)) return null;
    return program.resolver.resolveClass(element, null);
  }

  #method(method: Method, instance: asc.Class | null): AbiMethod {
    const { name, kind, only, every, isReentrant, declaration } = method;
    const { parameters, returnType } = declaration.signature;
    this.#checkOnly(method, instance);
    const inputs = parameters.map((parameter): AbiField => ({
      name: parameter.name.text,
      type: this.#type(parameter.type, instance),
    }));
    const isVoid = returnType.range.toString() === "void";
    return {
      name,
      kind,
      ...doc(this.#input.docOf(declaration)),
      ...(only === undefined ? {} : { only }),
      ...(every === undefined ? {} : { every: every.heights }),
      ...(isReentrant ? { reentrant: true } : {}),
      inputs,
      output: isVoid ? null : this.#type(returnType, instance),
    };
  }

  #record(record: RecordClass): AbiRecord {
    const instance = this.#instanceOf(record.declaration);
    const fields = record.fields.map(({ name, type, node }) => ({
      name,
      type: this.#type(type, instance),
      ...doc(this.#input.docOf(node)),
    }));
    return {
      name: record.declaration.name.text,
      ...doc(this.#input.docOf(record.declaration)),
      fields,
      ...(record.isPublic ? { public: true } : {}),
    };
  }

  #state(field: StateField, instance: asc.Class | null): AbiStateField {
    const { key: name, kind, type } = field;
    if (kind === "cell") return { name, kind, type: this.#type(type, instance) };
    const [first, second] = type instanceof asc.NamedTypeNode ? (type.typeArguments ?? []) : [];
    if (!first) return { name, kind };
    if (kind === "list") return { name, kind, type: this.#type(first, instance) };
    const key = this.#key(first, instance);
    if (kind === "keyset" || !second) return { name, kind, key };
    if (kind === "indexedmap") this.#checkIndexes(second, instance);
    return { name, kind, key, type: this.#type(second, instance) };
  }

  /** The values of an `IndexedMap` say by what they are found. */
  #checkIndexes(node: asc.TypeNode, instance: asc.Class | null): void {
    const type = instance && this.#input.program.resolver.resolveType(node, null, instance);
    const declaration = type?.classReference?.prototype.declaration;
    const members = declaration instanceof asc.ClassDeclaration ? declaration.members : [];
    const isIndex = (member: asc.DeclarationStatement): boolean =>
      member instanceof asc.MethodDeclaration && member.name.text === "index";
    if (members.some(isIndex)) return;
    this.#input.report("HRM3210", node, `'${node.range}' has no method 'index'`);
  }

  #key(node: asc.TypeNode, instance: asc.Class | null): AbiType {
    const type = instance && this.#input.program.resolver.resolveType(node, null, instance);
    const scalar = type && !type.isNullableReference ? scalarOf(type) : undefined;
    if (scalar && keys.has(scalar)) return scalar;
    this.#input.report("HRM3208", node, `'${node.range}' cannot be a key`);
    return UNKNOWN;
  }

  /** `@only` compares the caller with the field, which has to be an account then. */
  #checkOnly(method: Method, instance: asc.Class | null): void {
    const field = this.#input.contract.state.find(({ name }) => name === method.only);
    if (!field || this.#type(field.type, instance) === "account") return;
    const at = decoratorOf(method.declaration, "only") ?? null;
    this.#input.report("HRM3107", at, `the field '${field.name}' is no Account`);
  }

  #type(node: asc.TypeNode, instance: asc.Class | null): AbiType {
    if (!instance) return UNKNOWN;
    const { resolver } = this.#input.program;
    const type = resolver.resolveType(node, null, instance);
    return type ? this.#resolved(type, node) : UNKNOWN;
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
    const record = this.#input.records.find((each) => each.declaration === prototype.declaration);
    if (record?.kind !== "data") return this.#unsupported(type, node);
    const name = record.declaration.name.text;
    if (!this.#types.has(name)) {
      this.#types.set(name, undefined);
      this.#types.set(name, this.#record(record));
    }
    return { data: name };
  }

  #unsupported(type: asc.Type, node: asc.TypeNode): AbiType {
    const { report } = this.#input;
    const { classReference } = type;
    const source = classReference?.prototype.declaration.range.source;
    const isOwn = source?.sourceKind === asc.SourceKind.User;
    if (isOwn) report("HRM3201", node, `the class '${classReference?.name}' is not marked @data`);
    else report("HRM3202", node, `a value of type '${node.range}' cannot cross the boundary`);
    return UNKNOWN;
  }
}

function scalarOf(type: asc.Type): AbiScalar | undefined {
  const { classReference } = type;
  if (classReference) return classes[classReference.prototype.internalName];
  const name = type.toString();
  return scalars.has(name) ? (name as AbiScalar) : undefined;
}

function doc(text: string | undefined): { doc?: string } {
  return text === undefined ? {} : { doc: text };
}
