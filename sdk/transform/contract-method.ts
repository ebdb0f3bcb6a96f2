/**
 * Reads a method of a `@contract` class: what its decorators say, and what they allow of its shape.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type { MethodKind } from "#protocol/abi.ts";
import { decoratorOf, isOmitted, literalOf, textOf } from "./ast.ts";
import type { Report } from "./report.ts";

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

const kinds: readonly MethodKind[] = ["init", "migrate", "command", "query", "scheduled"];
/** Kinds that `@only` can restrict: those that any account may call. */
const open: readonly MethodKind[] = ["command", "query"];
const notPublic = asc.CommonFlags.Private | asc.CommonFlags.Protected | asc.CommonFlags.Static;
const accessor = asc.CommonFlags.Get | asc.CommonFlags.Set;

/** @returns Nothing for a method that is not marked as one of the contract. */
export function readMethod(member: asc.MethodDeclaration, report: Report): Method | undefined {
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
