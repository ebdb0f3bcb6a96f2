/**
 * Writes the class that stands for another contract.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { decoratorOf, isOmitted, textOf, typeIdentifier } from "./ast.ts";

/**
 * What its methods give: the value, failing with the other contract; an `Answer`; or the number of the
 * call, which is the contract's own and only planned.
 */
export type RemoteForm = "plain" | "answer" | "planned";

/** A method that other contracts may call. */
export interface RemoteMethod {
  readonly name: string;
  readonly kind: "command" | "query" | "scheduled";
  /** Types as they are written in the file of the class. */
  readonly takes: readonly string[];
  readonly gives: string;
}

const kinds = ["command", "query", "scheduled"] as const;
/** The kind that each form leaves out: what is planned has no result to wait for. */
const leftOut: Readonly<Record<RemoteForm, RemoteMethod["kind"]>> = {
  plain: "scheduled",
  answer: "scheduled",
  planned: "query",
};
/** What an interface says of its methods, as it can hold no decorators: `Query<u64>`. */
const markers: Readonly<Record<string, RemoteMethod["kind"]>> = {
  Command: "command",
  Query: "query",
};

/** The methods of a contract's class, or of an interface that describes one, that a form can name. */
export function remoteMethods(declaration: asc.ClassDeclaration, form: RemoteForm): RemoteMethod[] {
  const isInterface = declaration instanceof asc.InterfaceDeclaration;
  return declaration.members
    .filter((member) => member instanceof asc.MethodDeclaration)
    .map((method) => (isInterface ? described(method) : decorated(method)))
    .filter((method) => method !== undefined)
    .filter(({ kind }) => kind !== leftOut[form]);
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
  const methods = remoteMethods(declaration, form);
  const code = methods.map((method) => methodCode(contract, method, form));
  const generics = (declaration.typeParameters ?? []).map(textOf).join(", ");
  const head = `@global class ${name}${generics && `<${generics}>`} ${base ? `extends ${base}` : ""}`;
  return `${head} { ${base === undefined ? startOf(form) : heirOf(form)} ${code.join("\n")} }`;
}

/** What the methods go by: the other contract, or when to call. */
function startOf(form: RemoteForm): string {
  if (form === "planned") {
    return `constructor(protected __height: u64, protected __gas: u64 = 0) {}`;
  }
  return `protected __target: __hermetic.Target;
    constructor(__address: __hermetic.Account, __gas: u64 = u64.MAX_VALUE) {
      this.__target = new __hermetic.Target(__address, __gas);
    }`;
}

function heirOf(form: RemoteForm): string {
  return form === "planned"
    ? "constructor(__height: u64, __gas: u64 = 0) { super(__height, __gas); }"
    : `constructor(__address: __hermetic.Account, __gas: u64 = u64.MAX_VALUE) {
        super(__address, __gas);
      }`;
}

function methodCode(contract: string, method: RemoteMethod, form: RemoteForm): string {
  const { name, takes, gives } = method;
  const typed = takes.map((type, index) => `__${index}: ${type}`);
  const puts = takes.map((type, index) => `__hermetic.encode<${type}>(__args, __${index});`);
  const said = [contract, name].map((each) => JSON.stringify(each)).join(", ");
  const call = `this.__target.call<${gives}>(${kinds.indexOf(method.kind)}, ${said}, __args)`;
  const ends: Readonly<Record<RemoteForm, readonly [type: string, end: string]>> = {
    plain: [gives, gives === "void" ? `${call}.require();` : `return ${call}.value;`],
    answer: [`__hermetic.Answer<${gives}>`, `return ${call};`],
    planned: [
      "u64",
      `return __hermetic.planCall(this.__height, ${JSON.stringify(name)}, __args, this.__gas);`,
    ],
  };
  const [type, end] = ends[form];
  return `${name}(${typed.join(", ")}): ${type} {
    const __args = new __hermetic.Writer();
    __args.open(${takes.length}); ${puts.join(" ")} __args.close();
    ${end}
  }`;
}
