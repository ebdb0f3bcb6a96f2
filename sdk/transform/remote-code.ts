/**
 * Writes the class that stands for another contract.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { decoratorOf, isOmitted, textOf, typeIdentifier } from "./ast.ts";

/** What its methods give: the value, failing with the other contract, or an `Answer`. */
export type RemoteForm = "plain" | "answer";

/** A method that other contracts may call. */
export interface RemoteMethod {
  readonly name: string;
  readonly kind: "command" | "query";
  /** Types as they are written in the file of the class. */
  readonly takes: readonly string[];
  readonly gives: string;
}

const kinds = ["command", "query"] as const;
/** What an interface says of its methods, as it can hold no decorators: `Query<u64>`. */
const markers: Readonly<Record<string, RemoteMethod["kind"]>> = {
  Command: "command",
  Query: "query",
};

/** The methods of a contract's class, or of an interface that describes one. */
export function remoteMethods(declaration: asc.ClassDeclaration): RemoteMethod[] {
  const isInterface = declaration instanceof asc.InterfaceDeclaration;
  return declaration.members
    .filter((member) => member instanceof asc.MethodDeclaration)
    .map((method) => (isInterface ? described(method) : decorated(method)))
    .filter((method) => method !== undefined);
}

function decorated(method: asc.MethodDeclaration): RemoteMethod | undefined {
  const kind = kinds.find((each) => decoratorOf(method, each));
  return kind && remoteMethod(method, kind, method.signature.returnType);
}

function described(method: asc.MethodDeclaration): RemoteMethod | undefined {
  const { returnType } = method.signature;
  const kind = markers[typeIdentifier(returnType) ?? ""];
  const [result] = returnType instanceof asc.NamedTypeNode ? (returnType.typeArguments ?? []) : [];
  return kind && result && remoteMethod(method, kind, result);
}

function remoteMethod(
  method: asc.MethodDeclaration,
  kind: RemoteMethod["kind"],
  result: asc.TypeNode,
): RemoteMethod {
  const types = method.signature.parameters.map(({ type }) => type);
  const takes = types.filter((type) => !isOmitted(type)).map(textOf);
  return {
    name: method.name.text,
    kind,
    takes,
    gives: isOmitted(result) ? "void" : textOf(result),
  };
}

/**
 * The class as source text; its constructor takes an account and, if need be, gas.
 *
 * @param base - The class that stands for what the other contract's class extends.
 */
export function remoteCode(
  name: string,
  declaration: asc.ClassDeclaration,
  form: RemoteForm,
  base: string | undefined,
): string {
  const contract = declaration.name.text;
  const methods = remoteMethods(declaration).map((method) => methodCode(contract, method, form));
  const generics = (declaration.typeParameters ?? []).map(textOf).join(", ");
  const target =
    base === undefined
      ? `protected __target: __hermetic.Target = new __hermetic.Target(__hermetic.Account.zero, 0);`
      : "";
  const start =
    base === undefined
      ? "this.__target = new __hermetic.Target(__address, __gas);"
      : "super(__address, __gas);";
  return `@global class ${name}${generics && `<${generics}>`} ${base ? `extends ${base}` : ""} {
    ${target}
    constructor(__address: __hermetic.Account, __gas: u64 = u64.MAX_VALUE) { ${start} }
    ${methods.join("\n")}
  }`;
}

function methodCode(contract: string, method: RemoteMethod, form: RemoteForm): string {
  const { name, takes, gives } = method;
  const typed = takes.map((type, index) => `__${index}: ${type}`);
  const puts = takes.map((type, index) => `__hermetic.encode<${type}>(__args, __${index});`);
  const said = [contract, name].map((each) => JSON.stringify(each)).join(", ");
  const kind = kinds.indexOf(method.kind);
  const call = `this.__target.call<${gives}>(${kind}, ${said}, __args)`;
  const plain = gives === "void" ? `${call}.require();` : `return ${call}.value;`;
  return `${name}(${typed.join(", ")}): ${form === "answer" ? `__hermetic.Answer<${gives}>` : gives} {
    const __args = new __hermetic.Writer();
    __args.open(${takes.length}); ${puts.join(" ")} __args.close();
    ${form === "answer" ? `return ${call};` : plain}
  }`;
}
