/**
 * The ABI from resolved types: what the compiler understands, not what the source looks like.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type {
  Abi,
  AbiField,
  AbiIndex,
  AbiMethod,
  AbiRecord,
  AbiStateField,
} from "#protocol/abi.ts";
import { indexesOf } from "./abi-indexes.ts";
import { AbiTypes, doc, partOf, type TypeInput } from "./abi-types.ts";
import { decoratorOf } from "./ast.ts";
import type { ContractClass, ContractPart } from "./contract-class.ts";
import type { Method } from "./contract-method.ts";
import type { StateField } from "./contract-state.ts";
import type { RecordClass } from "./records.ts";

export interface AbiInput extends TypeInput {
  readonly contract: ContractClass;
}

export function describe(input: AbiInput): Abi {
  return new Describer(input).abi();
}

class Describer {
  readonly #input: AbiInput;
  readonly #types: AbiTypes;

  constructor(input: AbiInput) {
    this.#input = input;
    this.#types = new AbiTypes(input);
  }

  abi(): Abi {
    const { contract, records, docOf } = this.#input;
    const whole = this.#types.instanceOf(contract.declaration);
    const inParts = <T>(read: (part: ContractPart, instance: asc.Class | null) => T[]): T[] =>
      contract.parts.flatMap((part) => read(part, partOf(whole, part.declaration)));
    const methods = inParts((part, instance) =>
      part.methods.map((method) => this.#method(method, instance)),
    );
    if (!methods.some(({ kind }) => kind === "init")) {
      methods.unshift({ name: "init", kind: "init", inputs: [], output: null });
    }
    const own = records.filter((record) => !this.#isOthers(record));
    const others = records.filter((record) => this.#isOthers(record));
    const events = this.#listed(own, "event");
    const ownErrors = this.#listed(own, "error");
    // Errors of contracts that are called may be handed on.
    const handedOn = this.#listed(others, "error").filter(
      ({ name }) => !ownErrors.some((error) => error.name === name),
    );
    const errors = [...ownErrors, ...handedOn];
    const state = inParts((part, instance) =>
      part.state.map((field) => this.#state(field, instance)),
    );
    return {
      abi: 1,
      contract: contract.name,
      ...doc(docOf(contract.declaration)),
      methods,
      types: this.#types.met,
      events,
      errors,
      state,
    };
  }

  #listed(from: readonly RecordClass[], kind: RecordClass["kind"]): AbiRecord[] {
    const ofKind = from.filter((record) => record.kind === kind);
    return ofKind.map((record) => {
      const instance = this.#types.instanceOf(record.declaration);
      return this.#types.record(record, instance);
    });
  }

  /** Whether a class stands in the file of another contract, which this one does not extend. */
  #isOthers({ declaration }: RecordClass): boolean {
    const { source } = declaration.range;
    const { parts } = this.#input.contract;
    if (parts.some((part) => part.declaration.range.source === source)) return false;
    return source.statements.some(
      (each) => each instanceof asc.ClassDeclaration && decoratorOf(each, "contract"),
    );
  }

  #method(method: Method, instance: asc.Class | null): AbiMethod {
    const { name, kind, only, every, isReentrant, declaration } = method;
    const { parameters, returnType } = declaration.signature;
    this.#checkOnly(method, instance);
    const inputs = parameters.map((parameter): AbiField => ({
      name: parameter.name.text,
      type: this.#types.type(parameter.type, instance),
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
      output: isVoid ? null : this.#types.type(returnType, instance),
    };
  }

  #state(field: StateField, instance: asc.Class | null): AbiStateField {
    const { key: name, kind, type } = field;
    if (kind === "cell") return { name, kind, type: this.#types.type(type, instance) };
    const [first, second] = type instanceof asc.NamedTypeNode ? (type.typeArguments ?? []) : [];
    if (!first) return { name, kind };
    if (kind === "list") return { name, kind, type: this.#types.type(first, instance) };
    const key = this.#types.key(first, instance);
    if (kind === "keyset" || !second) return { name, kind, key };
    const values = this.#types.type(second, instance);
    if (kind !== "indexedmap") return { name, kind, key, type: values };
    return { name, kind, key, type: values, indexes: this.#indexes(second, instance) };
  }

  /** The values of an `IndexedMap` say by what they are found. */
  #indexes(node: asc.TypeNode, instance: asc.Class | null): readonly AbiIndex[] {
    const values = this.#types.resolve(node, instance)?.classReference;
    const indexes = values ? indexesOf(values, this.#types) : undefined;
    if (!indexes) this.#input.report("HRM3210", node, `'${node.range}' has no method 'index'`);
    return indexes ?? [];
  }

  /** `@only` compares the caller with the field, which has to be an account then. */
  #checkOnly(method: Method, instance: asc.Class | null): void {
    const field = this.#input.contract.state.find(({ name }) => name === method.only);
    if (!field || this.#types.type(field.type, instance) === "account") return;
    const at = decoratorOf(method.declaration, "only") ?? null;
    this.#input.report("HRM3107", at, `the field '${field.name}' is no Account`);
  }
}
