/**
 * Turns `contracts.at<Token>(address)` into an object with the methods of `Token`, each of which
 * encodes its arguments, calls the other contract and decodes what it answers.
 *
 * `schedule.call<Auction>(height)` becomes the same for the contract's own methods, each of which plans.
 *
 * The compiler has no types made from types, so the object gets a class of its own, written into the
 * file of `Token`, where the names in its signatures mean what they say.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { addDeclaration, nameOf, textOf, walk } from "./ast.ts";
import { lineageOf } from "./bases.ts";
import { remoteMethods, remoteCode, type RemoteForm, type RemoteMethod } from "./remote-code.ts";
import type { Report } from "./report.ts";
import type { Scope } from "./scope.ts";

/** What the SDK calls them. */
const forms: Readonly<Record<string, RemoteForm>> = {
  "contracts.at": "plain",
  "contracts.tryAt": "answer",
  "schedule.call": "planned",
};
/** Every stub has a name of its own in the whole program. */
const STUB = "__Remote";
const PLAN = "__Planned";

/** Whether an expression makes an object that stands for another contract. */
export function isStub(expression: asc.Expression): boolean {
  if (!(expression instanceof asc.NewExpression)) return false;
  return expression.typeName.identifier.text.startsWith(STUB);
}

export class RemoteCalls {
  readonly #program: asc.Program;
  readonly #scope: Scope;
  readonly #own: asc.ClassDeclaration | undefined;
  readonly #report: Report;
  readonly #stubs = new Map<string, string>();
  readonly #touched = new Set<asc.Source>();

  /** @param own - The contract that is built. */
  constructor(
    program: asc.Program,
    scope: Scope,
    own: asc.ClassDeclaration | undefined,
    report: Report,
  ) {
    this.#program = program;
    this.#scope = scope;
    this.#own = own;
    this.#report = report;
  }

  /** Files that need the SDK's runtime. */
  get touched(): ReadonlySet<asc.Source> {
    return this.#touched;
  }

  /** Rewrites the calls of one file. */
  rewrite(source: asc.Source): void {
    walk(source.statements, (node) => {
      if (!(node instanceof asc.CallExpression)) return undefined;
      this.#checkMethod(source, node);
      const form = this.#formOf(source, node);
      if (form === undefined) return undefined;
      const remote = this.#remoteOf(source, node, form);
      if (remote === undefined) return undefined;
      const { range, args } = node;
      const name = asc.Node.createSimpleTypeName(this.#stubOf(remote, form), range);
      return asc.Node.createNewExpression(name, null, args, range);
    });
  }

  /** Which of the SDK's functions a call names, under whatever name it was imported. */
  #formOf(source: asc.Source, call: asc.CallExpression): RemoteForm | undefined {
    const { expression } = call;
    if (!(expression instanceof asc.PropertyAccessExpression)) return undefined;
    const { expression: space, property } = expression;
    if (!(space instanceof asc.IdentifierExpression)) return undefined;
    const meaning = this.#scope.find(source, space.text);
    return meaning && "sdk" in meaning ? forms[`${meaning.sdk}.${property.text}`] : undefined;
  }

  /** The class that a call names. */
  #remoteOf(
    source: asc.Source,
    call: asc.CallExpression,
    form: RemoteForm,
  ): asc.ClassDeclaration | undefined {
    const [type, ...more] = call.typeArguments ?? [];
    if (!(type instanceof asc.NamedTypeNode) || more.length > 0) {
      this.#report("HRM3401", call, "the class of the other contract is missing");
      return undefined;
    }
    const meaning = this.#scope.findType(source, type.name);
    if (form === "planned" && (!meaning || !("class" in meaning) || meaning.class !== this.#own)) {
      this.#report("HRM3406", type, `'${nameOf(type.name)}' is not this contract`);
      return undefined;
    }
    if (meaning && "class" in meaning && this.#methodsOf(meaning.class, form).length > 0) {
      return meaning.class;
    }
    this.#report("HRM3401", type, `'${nameOf(type.name)}' names no method that could be called`);
    return undefined;
  }

  /** Whether `contracts.at<Token>(address).method(…)` names a method that can be called from outside. */
  #checkMethod(source: asc.Source, call: asc.CallExpression): void {
    const { expression } = call;
    if (!(expression instanceof asc.PropertyAccessExpression)) return;
    const { expression: target, property } = expression;
    const form = target instanceof asc.CallExpression ? this.#formOf(source, target) : undefined;
    if (!(target instanceof asc.CallExpression) || form === undefined) return;
    const [type] = target.typeArguments ?? [];
    if (!(type instanceof asc.NamedTypeNode)) return;
    const meaning = this.#scope.findType(source, type.name);
    if (!meaning || !("class" in meaning)) return;
    const methods = this.#methodsOf(meaning.class, form);
    if (methods.length === 0 || methods.some(({ name }) => name === property.text)) return;
    const kinds = form === "planned" ? "@command or @scheduled" : "@command or @query";
    const message = `'${property.text}' is no ${kinds} of '${nameOf(type.name)}'`;
    this.#report("HRM3402", property, message);
  }

  /** The methods of a class and of what it extends. */
  #methodsOf(remote: asc.ClassDeclaration, form: RemoteForm): RemoteMethod[] {
    return this.#lineageOf(remote).flatMap((each) => remoteMethods(each, form));
  }

  /** What the class extends is looked at with its own contract, if it is one. */
  #lineageOf(remote: asc.ClassDeclaration): asc.ClassDeclaration[] {
    return lineageOf(remote, this.#scope, () => {}, "HRM3110");
  }

  /** The name of the class that stands for `remote`; writes it when it is asked for first. */
  #stubOf(remote: asc.ClassDeclaration, form: RemoteForm): string {
    const { source } = remote.range;
    const key = `${source.internalPath} ${remote.name.text} ${form}`;
    const known = this.#stubs.get(key);
    if (known !== undefined) return known;
    const name = `${form === "planned" ? PLAN : STUB}${this.#stubs.size}`;
    this.#stubs.set(key, name);
    const base = this.#baseOf(remote, form);
    addDeclaration(this.#program, remoteCode(name, remote, form, base), remote.name.range);
    this.#touched.add(source);
    return name;
  }

  /** The class that stands for what `remote` extends, with its type arguments. */
  #baseOf(remote: asc.ClassDeclaration, form: RemoteForm): string | undefined {
    const base = this.#lineageOf(remote).at(-2);
    if (!base) return undefined;
    const types = remote.extendsType?.typeArguments ?? [];
    const list = types.length === 0 ? "" : `<${types.map(textOf).join(", ")}>`;
    return `${this.#stubOf(base, form)}${list}`;
  }
}
