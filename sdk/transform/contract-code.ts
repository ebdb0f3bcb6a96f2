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
import {
  reentrantMethods,
  type ContractClass,
  type Method,
  type StateField,
} from "./contract-class.ts";

/** What a component exports: one dispatcher for each kind of method. */
const entryKinds = ["init", "migrate", "command", "query"] as const;
type EntryKind = (typeof entryKinds)[number];

/** Replaces state fields by cells and adds the dispatchers. */
export function addCode(contract: ContractClass): void {
  const { declaration } = contract;
  const fields = new Map<asc.Node, StateField>(
    contract.state.map((field) => [field.declaration, field]),
  );
  declaration.members = declaration.members.flatMap((member) => {
    const field = fields.get(member);
    return field ? fieldMembers(field, declaration) : [member];
  });
  const cells = contract.state.filter(({ kind }) => kind === "cell");
  const flush = cells.map(({ name }) => `this.__cell_${name}.flush();`).join(" ");
  const at = declaration.name.range;
  if (reentrantMethods(contract).length > 0) {
    const guarded = asc.Node.createSimpleTypeName("__hermetic", at);
    guarded.next = asc.Node.createSimpleTypeName("Reentrant", at);
    const type = asc.Node.createNamedType(guarded, null, false, at);
    declaration.implementsTypes = [...(declaration.implementsTypes ?? []), type];
  }
  declaration.members.push(
    parseMember(`__flush(): void { ${flush} }`, declaration, at),
    ...entryKinds.map((kind) => dispatcher(contract, kind)),
  );
}

function fieldMembers(
  field: StateField,
  declaration: asc.ClassDeclaration,
): asc.DeclarationStatement[] {
  const { name, declaration: member } = field;
  const type = textOf(field.type);
  const key = JSON.stringify(field.key);
  const code =
    field.kind === "cell"
      ? [
          `private __cell_${name}: __hermetic.Cell<${type}> = new __hermetic.Cell<${type}>(${key}, 0);`,
          `get ${name}(): ${type} { return this.__cell_${name}.get(); }`,
          `set ${name}(__value: ${type}) { this.__cell_${name}.set(__value); }`,
        ]
      : [`${name}: ${type} = new ${type}(${key});`];
  const members = code.map((each) => parseMember(each, declaration, member.range));
  const cell = members[0];
  if (field.kind === "cell" && cell instanceof asc.FieldDeclaration && member.initializer) {
    // The author's own expression stays the author's node, with its own place in the file.
    if (cell.initializer instanceof asc.NewExpression)
      cell.initializer.args[1] = member.initializer;
  }
  return members;
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

function dispatcher(contract: ContractClass, kind: EntryKind): asc.DeclarationStatement {
  const methods = contract.methods.filter((method) => entryOf(method.kind) === kind);
  const plans = plansOf(contract, kind);
  const cases = methods.map((method) => methodCase(method, plans));
  if ((kind === "init" || kind === "migrate") && methods.length === 0) {
    cases.push(
      `if (__method == "${kind}") { __hermetic.openArguments(__reader, 0);
        __hermetic.closeArguments(__reader); ${plans} return __hermetic.returnNothing(); }`,
    );
  }
  return parseMember(
    `__${kind}(__method: string, __reader: __hermetic.Reader): usize {
      ${cases.join("\n")}
      return __hermetic.refuseMethod();
    }`,
    contract.declaration,
    contract.declaration.name.range,
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
