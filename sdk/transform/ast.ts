/**
 * Small tools over the compiler's syntax tree: decorators, text, walking, parsing fragments.
 *
 * A parsed fragment carries positions of its own text; read against the user's file they would name
 * wrong lines, so each fragment is moved onto the user's node that it belongs to.
 *
 * @module
 */
import * as asc from "assemblyscript";

/** A node with decorators. */
type Decorated = asc.DeclarationStatement;

/** The decorator `@name`. */
export function decoratorOf(node: Decorated, name: string): asc.DecoratorNode | undefined {
  return node.decorators?.find(
    (decorator) =>
      decorator.name instanceof asc.IdentifierExpression && decorator.name.text === name,
  );
}

/** The one string argument of a decorator. */
export function literalOf(decorator: asc.DecoratorNode): string | undefined {
  const [argument, ...more] = decorator.args ?? [];
  if (!(argument instanceof asc.StringLiteralExpression) || more.length > 0) return undefined;
  return argument.value;
}

/** The source text of a node. */
export function textOf(node: asc.Node): string {
  return node.range.toString();
}

/** Whether a type was left out. */
export function isOmitted(type: asc.TypeNode | null): boolean {
  if (type === null) return true;
  return type instanceof asc.NamedTypeNode && type.name.identifier.text === "";
}

/** A type's name with all its parts; its own range covers the first part only. */
export function nameOf(type: asc.TypeName): string {
  const { identifier, next } = type;
  return next ? `${identifier.text}.${nameOf(next)}` : identifier.text;
}

/** The last identifier of a type's name, or undefined for function and tuple types. */
export function typeIdentifier(type: asc.TypeNode | null): string | undefined {
  if (!(type instanceof asc.NamedTypeNode)) return undefined;
  let name = type.name;
  while (name.next) name = name.next;
  return name.identifier.text;
}

type Child = { readonly owner: Record<string | number, unknown>; readonly key: string | number };

function children(node: asc.Node | readonly unknown[]): Child[] {
  const owner = node as unknown as Record<string | number, unknown>;
  if (Array.isArray(node)) return node.map((_, key) => ({ owner, key }));
  return Object.keys(node)
    .filter((key) => key !== "range")
    .map((key) => ({ owner, key }));
}

/**
 * Visits every node below `root`, outermost first.
 *
 * @param visit - Returns a node to put in place of the one visited, which is then walked as well.
 */
export function walk(
  root: asc.Node | readonly unknown[],
  visit: (node: asc.Node) => asc.Node | undefined,
): void {
  const seen = new Set<unknown>();
  const step = (node: asc.Node | readonly unknown[]): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const { owner, key } of children(node)) {
      const child = owner[key];
      if (Array.isArray(child)) {
        step(child);
      } else if (child instanceof asc.Node && !(child instanceof asc.Source)) {
        const replacement = visit(child);
        if (replacement) owner[key] = replacement;
        step(replacement ?? child);
      }
    }
  };
  step(root);
}

/** Points `node` and all below it at `range`. */
function moveTo(node: asc.Node, range: asc.Range): void {
  node.range = range;
  walk(node, (child) => {
    child.range = range;
    return undefined;
  });
}

function tokenizerOf(code: string, at: asc.Range): asc.Tokenizer {
  const source = new asc.Source(asc.SourceKind.User, at.source.normalizedPath, code);
  return new asc.Tokenizer(source);
}

/** Parses one class member and moves it to `at`. */
export function parseMember(
  code: string,
  owner: asc.ClassDeclaration,
  at: asc.Range,
): asc.DeclarationStatement {
  const parser = new asc.Parser();
  const member = parser.parseClassMember(tokenizerOf(code, at), owner);
  if (!(member instanceof asc.DeclarationStatement) || parser.diagnostics.length > 0) {
    throw new Error(`generated code does not parse: ${code}`);
  }
  moveTo(member, at);
  return member;
}

/** Parses one statement and moves it to `at`. */
export function parseStatement(code: string, at: asc.Range): asc.Statement {
  const parser = new asc.Parser();
  const statement = parser.parseStatement(tokenizerOf(code, at), false);
  if (statement === null || parser.diagnostics.length > 0) {
    throw new Error(`generated code does not parse: ${code}`);
  }
  moveTo(statement, at);
  return statement;
}

/** Adds a declaration to the end of the file that `at` is in, and moves it to `at`. */
export function addDeclaration(program: asc.Program, code: string, at: asc.Range): void {
  const { source } = at;
  const { parser } = program;
  parser.currentSource = source;
  const statement = parser.parseTopLevelStatement(tokenizerOf(code, at));
  if (statement === null) throw new Error(`generated code does not parse: ${code}`);
  moveTo(statement, at);
  source.statements.push(statement);
}

/** Adds an import to the top of a file; the program's own parser then asks for what it names. */
export function addImport(program: asc.Program, source: asc.Source, code: string): void {
  const { parser } = program;
  const range = new asc.Range(0, 0);
  range.source = source;
  parser.currentSource = source;
  const statement = parser.parseTopLevelStatement(tokenizerOf(code, range));
  if (statement === null) throw new Error(`generated import does not parse: ${code}`);
  moveTo(statement, range);
  source.statements.unshift(statement);
}
