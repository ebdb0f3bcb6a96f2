/**
 * Writes what a contract class needs to be called: fields become cells, methods get a dispatcher.
 *
 * Generated names start with `__`, so that no parameter or field of the author collides with them.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type { MethodKind } from "#protocol/abi.ts";
import { parseMember, textOf } from "./ast.ts";
import { reentrantMethods, type ContractClass, type ContractPart } from "./contract-class.ts";
import type { Method } from "./contract-method.ts";
import type { StateField } from "./contract-state.ts";

/** What a component exports: one dispatcher for each kind of method. */
const entryKinds = ["init", "migrate", "command", "query"] as const;
type EntryKind = (typeof entryKinds)[number];

/** Replaces state fields by cells and adds the dispatchers, in every class of the contract. */
export function addCode(contract: ContractClass): void {
  for (const part of contract.parts) addPart(contract, part);
  if (reentrantMethods(contract).length > 0) {
    const { declaration } = contract;
    const at = declaration.name.range;
    const guarded = asc.Node.createSimpleTypeName("__hermetic", at);
    guarded.next = asc.Node.createSimpleTypeName("Reentrant", at);
    const type = asc.Node.createNamedType(guarded, null, false, at);
    declaration.implementsTypes = [...(declaration.implementsTypes ?? []), type];
  }
}

function addPart(contract: ContractClass, part: ContractPart): void {
  const { declaration } = part;
  const fields = new Map<asc.Node, StateField>(
    part.state.map((field) => [field.declaration, field]),
  );
  declaration.members = declaration.members.flatMap((member) => {
    const field = fields.get(member);
    return field ? fieldMembers(field, declaration) : [member];
  });
  const cells = part.state.filter(({ kind }) => kind === "cell");
  const flush = cells.map(({ name }) => `this.__cell_${name}.flush();`);
  if (part !== contract.parts[0]) flush.unshift("super.__flush();");
  declaration.members.push(
    parseMember(`__flush(): void { ${flush.join(" ")} }`, declaration, declaration.name.range),
    ...entryKinds.map((kind) => dispatcher(contract, part, kind)),
  );
}

function fieldMembers(
  field: StateField,
  declaration: asc.ClassDeclaration,
): asc.DeclarationStatement[] {
  const { name, declaration: member } = field;
  const type = textOf(field.type);
  const key = JSON.stringify(field.key);
  const access = accessOf(member);
  const getter = `${access} get ${name}(): ${type} { return this.__cell_${name}.get(); }`;
  const setter = `${access} set ${name}(__value: ${type}) { this.__cell_${name}.set(__value); }`;
  const code =
    field.kind === "cell"
      ? [
          `private __cell_${name}: __hermetic.Cell<${type}> = new __hermetic.Cell<${type}>(${key}, 0);`,
          getter,
          ...(member.is(asc.CommonFlags.Readonly) ? [] : [setter]),
        ]
      : [`${access} ${name}: ${type} = new ${type}(${key});`];
  const members = code.map((each) => parseMember(each, declaration, member.range));
  const cell = members[0];
  if (field.kind === "cell" && cell instanceof asc.FieldDeclaration && member.initializer) {
    // The author's own expression stays the author's node, with its own place in the file.
    if (cell.initializer instanceof asc.NewExpression)
      cell.initializer.args[1] = member.initializer;
  }
  return members;
}

/** Who may use a field, as the author has said. */
function accessOf(member: asc.FieldDeclaration): string {
  if (member.is(asc.CommonFlags.Private)) return "private";
  return member.is(asc.CommonFlags.Protected) ? "protected" : "";
}

/** The dispatcher that a method of this kind is called through. */
function entryOf(kind: MethodKind): EntryKind {
  return kind === "scheduled" ? "command" : kind;
}

/** Plans the methods that repeat, once the code begins to serve. */
function plansOf(contract: ContractClass, kind: EntryKind): string {
  if (kind !== "init" && kind !== "migrate") return "";
  const repeated = contract.methods.flatMap(({ name, every }) =>
    every === undefined ? [] : [{ name, ...every }],
  );
  return repeated
    .map(
      ({ name, heights, gas }) => `__hermetic.repeat(${JSON.stringify(name)}, ${heights}, ${gas});`,
    )
    .join(" ");
}

function dispatcher(
  contract: ContractClass,
  part: ContractPart,
  kind: EntryKind,
): asc.DeclarationStatement {
  const isKind = (method: Method): boolean => entryOf(method.kind) === kind;
  const plans = plansOf(contract, kind);
  const cases = part.methods.filter(isKind).map((method) => methodCase(method, plans));
  const isWhole = part.declaration === contract.declaration;
  if (isWhole && (kind === "init" || kind === "migrate") && !contract.methods.some(isKind)) {
    cases.push(
      `if (__method == "${kind}") { __hermetic.openArguments(__reader, 0);
        __hermetic.closeArguments(__reader); ${plans} return __hermetic.returnNothing(); }`,
    );
  }
  const isFirst = part === contract.parts[0];
  const rest = isFirst ? "__hermetic.refuseMethod()" : `super.__${kind}(__method, __reader)`;
  return parseMember(
    `__${kind}(__method: string, __reader: __hermetic.Reader): usize {
      ${cases.join("\n")}
      return ${rest};
    }`,
    part.declaration,
    part.declaration.name.range,
  );
}

/** @param plans - What follows a call that begins a life. */
function methodCase(method: Method, plans: string): string {
  const { name, kind, only, declaration } = method;
  const { parameters, returnType } = declaration.signature;
  const takes = parameters.map(
    ({ type }, index) => `const __${index} = __hermetic.decode<${textOf(type)}>(__reader);`,
  );
  const call = `this.${name}(${parameters.map((_, index) => `__${index}`).join(", ")})`;
  const result = textOf(returnType);
  const run =
    result === "void"
      ? `${call}; ${plans} this.__flush(); return __hermetic.returnNothing();`
      : `const __result = ${call}; ${plans} this.__flush();
         return __hermetic.returnValue<${result}>(__result);`;
  return `if (__method == ${JSON.stringify(name)}) {
    ${kind === "scheduled" ? "__hermetic.requirePlanned();" : ""}
    ${only === undefined ? "" : `__hermetic.requireCaller(this.${only});`}
    __hermetic.openArguments(__reader, ${parameters.length});
    ${takes.join(" ")}
    __hermetic.closeArguments(__reader);
    ${run}
  }`;
}

/** The file whose exports become the exports of the module. */
export function entryCode(contract: string, file: string, isReentrant: boolean): string {
  const exports = entryKinds.map(
    (kind) => `export function ${kind}(m: usize, ml: u32, a: usize, al: u32): usize {
  const contract = new Contract();
  ${isReentrant ? "guard(contract);" : ""}
  return contract.__${kind}(liftString(m, ml), readerOf(a, al));
}`,
  );
  return `import { ${contract} as Contract } from "./${file}";
${isReentrant ? "@global const __isReentrant = true;" : ""}
import { guard, liftString, readerOf } from "hermetic/contract/runtime";
export { cabi_realloc } from "hermetic/contract/runtime";
${exports.join("\n")}
`;
}
