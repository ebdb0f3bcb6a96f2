/**
 * Reads a `@contract` class: its state fields and its methods, with every rule about their shape.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type { MethodKind } from "#protocol/abi.ts";
import type { HttpGrant } from "#protocol/http-grant.ts";
import { decoratorOf } from "./ast.ts";
import { lineageOf } from "./bases.ts";
import { readMethod, type Method } from "./contract-method.ts";
import { readField, type StateField } from "./contract-state.ts";
import { readGrants } from "./grants.ts";
import type { Report } from "./report.ts";
import type { Scope } from "./scope.ts";

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

/** Kinds of which a contract has one method at most. */
const singles: readonly MethodKind[] = ["init", "migrate"];
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
