/**
 * By what the values of an `IndexedMap` are found, read off their method `index`.
 *
 * The names are what the method says; the types are told where they can be seen: a type argument, a
 * field, an item of one, or what a method gives.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type { AbiIndex, AbiType } from "#protocol/abi.ts";
import type { AbiTypes } from "./abi-types.ts";
import { bare, fieldRead, MethodBody } from "./method-body.ts";

/** The indexes of a class of values; nothing if it names none at all. */
export function indexesOf(instance: asc.Class, types: AbiTypes): AbiIndex[] | undefined {
  const method = memberOf(instance, "index")?.member;
  if (!(method instanceof asc.MethodDeclaration) || !method.body) return undefined;
  const body = new MethodBody(method.body);
  const by = method.signature.parameters[0]?.name.text;
  const found = new Map<string, AbiIndex>();
  body.each((node) => {
    if (!(node instanceof asc.CallExpression)) return;
    const { expression, args, typeArguments } = node;
    if (!(expression instanceof asc.PropertyAccessExpression)) return;
    const { expression: object, property } = expression;
    const isKey = object instanceof asc.IdentifierExpression && object.text === by;
    const [name, value] = args;
    if (!isKey || property.text !== "key" || !value) return;
    if (!(name instanceof asc.StringLiteralExpression)) return;
    const [written] = typeArguments ?? [];
    const type = written ? types.type(written, instance) : typeOf(value, body, instance, types);
    const inner = typeof type === "object" && "option" in type ? type.option : type;
    found.set(name.value, { name: name.value, ...(inner === undefined ? {} : { type: inner }) });
  });
  return [...found.values()];
}

/** The type of an expression, where it can be told from declarations. */
function typeOf(
  expression: asc.Expression,
  body: MethodBody,
  instance: asc.Class,
  types: AbiTypes,
): AbiType | undefined {
  const here = bare(expression);
  const field = fieldRead(here);
  if (field !== undefined) return declaredType(field, instance, types);
  if (here instanceof asc.CallExpression) {
    const called = fieldRead(here.expression);
    return called === undefined ? undefined : declaredType(called, instance, types);
  }
  if (here instanceof asc.NewExpression) {
    const { typeName, typeArguments, range } = here;
    return types.type(asc.Node.createNamedType(typeName, typeArguments, false, range), instance);
  }
  if (here instanceof asc.ElementAccessExpression) {
    const list = typeOf(here.expression, body, instance, types);
    return typeof list === "object" && "list" in list ? list.list : undefined;
  }
  if (here instanceof asc.PropertyAccessExpression) {
    const record = typeOf(here.expression, body, instance, types);
    const name = typeof record === "object" && "data" in record ? record.data : undefined;
    const fields = types.met.find((each) => each.name === name)?.fields ?? [];
    return fields.find((each) => each.name === here.property.text)?.type;
  }
  if (!(here instanceof asc.IdentifierExpression)) return undefined;
  const initializer = body.initializerOf(here.text);
  return initializer && typeOf(initializer, body, instance, types);
}

/** What a field holds, or a method or getter gives. */
function declaredType(name: string, instance: asc.Class, types: AbiTypes): AbiType | undefined {
  const found = memberOf(instance, name);
  if (!found) return undefined;
  const { member, owner } = found;
  if (member instanceof asc.FieldDeclaration) {
    return member.type ? types.type(member.type, owner) : undefined;
  }
  if (!(member instanceof asc.MethodDeclaration)) return undefined;
  return types.type(member.signature.returnType, owner);
}

/** A member by its name, from the class or what it extends. */
function memberOf(
  instance: asc.Class,
  name: string,
): { readonly member: asc.DeclarationStatement; readonly owner: asc.Class } | undefined {
  for (let owner: asc.Class | null = instance; owner; owner = owner.base) {
    const { declaration } = owner.prototype;
    const members = declaration instanceof asc.ClassDeclaration ? declaration.members : [];
    const member = members.find((each) => each.name.text === name);
    if (member) return { member, owner };
  }
  return undefined;
}
