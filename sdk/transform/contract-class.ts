/**
 * Reads a `@contract` class: its state fields and its methods, with every rule about their shape.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type { AbiStateField, MethodKind } from "#protocol/abi.ts";
import type { HttpGrant } from "#protocol/http-grant.ts";
import { decoratorOf, isOmitted, literalOf, textOf, typeIdentifier } from "./ast.ts";
import { lineageOf } from "./bases.ts";
import { readGrants } from "./grants.ts";
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

export interface Method {
  readonly name: string;
  readonly kind: MethodKind;
  readonly declaration: asc.MethodDeclaration;
  readonly only: string | undefined;
  /** Of a method that plans itself: every so many heights, with so much gas, or 0 for the usual. */
  readonly every: Repetition | undefined;
  /** Whether it may be called while another call of the contract waits for what it called. */
  readonly isReentrant: boolean;
}

export interface Repetition {
  readonly heights: number;
  readonly gas: number;
}

/** One class of a contract: its `@contract` class, or one that this extends. */
export interface ContractPart {
  readonly declaration: asc.ClassDeclaration;
  readonly state: readonly StateField[];
  /** Those that are called through this class; what overrides a method of a base is called through that. */
  readonly methods: readonly Method[];
}

export interface ContractClass {
  readonly name: string;
  readonly declaration: asc.ClassDeclaration;
  /** The first base first, the `@contract` class last. */
  readonly parts: readonly ContractPart[];
  /** Of all parts. */
  readonly state: readonly StateField[];
  /** Of all parts. */
  readonly methods: readonly Method[];
  /** What it may ask of the outside world. */
  readonly grants: readonly HttpGrant[];
}

export function reentrantMethods({ methods }: ContractClass): readonly Method[] {
  return methods.filter(({ isReentrant }) => isReentrant);
}

const kinds: readonly MethodKind[] = ["init", "migrate", "command", "query", "scheduled"];
/** Kinds of which a contract has one method at most. */
const singles: readonly MethodKind[] = ["init", "migrate"];
/** Kinds that `@only` can restrict: those that any account may call. */
const open: readonly MethodKind[] = ["command", "query"];
/** What the SDK calls its collections, and the ABI. */
export const collections: Readonly<Record<string, AbiStateField["kind"]>> = {
  Mapping: "mapping",
  List: "list",
  KeySet: "keyset",
  IndexedMap: "indexedmap",
};
const notPublic = asc.CommonFlags.Private | asc.CommonFlags.Protected | asc.CommonFlags.Static;
const accessor = asc.CommonFlags.Get | asc.CommonFlags.Set;

export function readContract(
  declaration: asc.ClassDeclaration,
  scope: Scope,
  report: Report,
): ContractClass {
  const name = declaration.name.text;
  if (!declaration.is(asc.CommonFlags.Export)) {
    report("HRM3101", declaration.name, `the contract '${name}' is not exported`);
  }
  if ((declaration.typeParameters?.length ?? 0) > 0) {
    report("HRM3110", declaration.name, `the contract '${name}' has type parameters`);
  }
  const parts: ContractPart[] = [];
  for (const each of lineageOf(declaration, scope, report, "HRM3110")) {
    parts.push(readPart(each, parts, scope, report));
  }
  const state = parts.flatMap((part) => part.state);
  const methods = parts.flatMap((part) => part.methods);
  const grants = readGrants(declaration, report);
  const contract = { name, declaration, parts, state, methods, grants };
  checkTogether(contract, report);
  return contract;
}

/** @param bases - The parts that the class extends. */
function readPart(
  declaration: asc.ClassDeclaration,
  bases: readonly ContractPart[],
  scope: Scope,
  report: Report,
): ContractPart {
  const state: StateField[] = [];
  const methods: Method[] = [];
  for (const member of declaration.members) {
    if (member.name.text.startsWith("__")) {
      report("HRM3111", member.name, `'${member.name.text}' is a reserved name`);
    } else if (member instanceof asc.FieldDeclaration) {
      const field = readField(member, scope, report);
      if (field) state.push(field);
    } else if (member instanceof asc.MethodDeclaration) {
      const method = readMethod(member, report);
      if (method && !overrides(method, bases, report)) methods.push(method);
    }
  }
  const part = { declaration, state, methods };
  checkRestrictions(part, [...bases, part], report);
  return part;
}

/** Whether a base has the method already, which then has to be marked in the same way. */
function overrides(method: Method, bases: readonly ContractPart[], report: Report): boolean {
  const base = bases.flatMap(({ methods }) => methods).find(({ name }) => name === method.name);
  if (!base) return false;
  const isSame =
    base.kind === method.kind &&
    base.only === method.only &&
    base.isReentrant === method.isReentrant &&
    base.every?.heights === method.every?.heights &&
    base.every?.gas === method.every?.gas;
  if (!isSame) {
    const { name, declaration } = method;
    report("HRM3122", declaration.name, `'${name}' is marked otherwise than where it comes from`);
  }
  return true;
}

function readField(
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

function readMethod(member: asc.MethodDeclaration, report: Report): Method | undefined {
  const name = member.name.text;
  if (name === "constructor") {
    report("HRM3109", member.name, "a contract has no constructor");
    return undefined;
  }
  const everyDecorator = decoratorOf(member, "every");
  const found = kinds.filter(
    (kind) => decoratorOf(member, kind) ?? (kind === "scheduled" && everyDecorator),
  );
  const kind = found[0];
  const onlyDecorator = decoratorOf(member, "only");
  const reentrant = decoratorOf(member, "reentrant");
  const isCalled = kind === "command" || kind === "query";
  if (reentrant && (!isCalled || (reentrant.args?.length ?? 0) > 0)) {
    report("HRM3403", reentrant, `'${name}' cannot be marked @reentrant like this`);
  }
  // The host compares names byte by byte, and takes none that could be written in two ways.
  if (reentrant && !/^[\x20-\x7e]+$/.test(name)) {
    report(
      "HRM3403",
      reentrant,
      `'${name}' has letters that a re-entrant method's name cannot have`,
    );
  }
  if (kind === undefined || (onlyDecorator && !open.includes(kind))) {
    if (onlyDecorator) report("HRM3115", onlyDecorator, `'${name}' cannot be restricted by @only`);
    return undefined;
  }
  if (found.length > 1) {
    report("HRM3102", member.name, `'${name}' is both @${found.join(" and @")}`);
  }
  if (member.isAny(notPublic | accessor) || (member.typeParameters?.length ?? 0) > 0) {
    report("HRM3103", member.name, `the @${kind} method '${name}' cannot be called from outside`);
  }
  checkSignature(member, report);
  const only = onlyDecorator ? literalOf(onlyDecorator) : undefined;
  if (onlyDecorator && only === undefined) {
    report("HRM3107", onlyDecorator, "@only does not name a field");
  }
  const every = everyDecorator ? repetitionOf(everyDecorator, report) : undefined;
  if (everyDecorator && member.signature.parameters.length > 0) {
    report("HRM3118", member.name, `'${name}' has parameters, which nobody fills in`);
  }
  const isReentrant = reentrant !== undefined;
  return { name, kind, declaration: member, only, every, isReentrant };
}

/** The numbers of `@every(heights)` or `@every(heights, gas)`. */
function repetitionOf(decorator: asc.DecoratorNode, report: Report): Repetition | undefined {
  const numbers = (decorator.args ?? []).map((argument) => {
    const text = textOf(argument);
    return /^\d[\d_]*$/.test(text) ? Number(text.replaceAll("_", "")) : 0;
  });
  const [heights = 0, gas = 0] = numbers;
  if (numbers.length > 2 || numbers.includes(0) || heights === 0) {
    report("HRM3119", decorator, "@every does not say how many heights");
    return undefined;
  }
  return { heights, gas };
}

function checkSignature(member: asc.MethodDeclaration, report: Report): void {
  for (const parameter of member.signature.parameters) {
    const name = parameter.name.text;
    if (isOmitted(parameter.type)) report("HRM3104", parameter, `'${name}' has no type`);
    if (parameter.initializer) report("HRM3106", parameter, `'${name}' has a default value`);
    if (parameter.parameterKind !== asc.ParameterKind.Default) {
      report("HRM3106", parameter, `'${name}' may be left out, which a call cannot express`);
    }
  }
  if (isOmitted(member.signature.returnType)) {
    report("HRM3104", member.name, `'${member.name.text}' has no result type`);
  }
}

/** Rules that concern more than one member. */
function checkTogether(contract: ContractClass, report: Report): void {
  const names = new Map<string, asc.Node>();
  const claim = (name: string, node: asc.Node): void => {
    if (names.has(name)) report("HRM3113", node, `'${name}' is there twice`);
    names.set(name, node);
  };
  for (const field of contract.state) claim(field.key, field.declaration.name);
  for (const method of contract.methods) claim(method.name, method.declaration.name);
  for (const single of singles) {
    const [, ...extras] = contract.methods.filter(({ kind }) => kind === single);
    for (const extra of extras) {
      report("HRM3108", extra.declaration.name, `there is another @${single}`);
    }
  }
  const hasInit = contract.methods.some(({ kind }) => kind === "init");
  const taken = !hasInit && contract.methods.find(({ name }) => name === "init");
  if (taken) report("HRM3117", taken.declaration.name, "'init' is not marked @init");
}

/** `@only` names a field of the class or of one that it extends. */
function checkRestrictions(
  { methods }: ContractPart,
  parts: readonly ContractPart[],
  report: Report,
): void {
  const cells = parts.flatMap(({ state }) => state).filter(({ kind }) => kind === "cell");
  for (const { only, declaration } of methods) {
    if (only === undefined || cells.some(({ name }) => name === only)) continue;
    report("HRM3107", decoratorOf(declaration, "only") ?? null, `there is no field '${only}'`);
  }
}
