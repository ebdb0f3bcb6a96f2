/**
 * Gives the SDK's host functions their import names: `state_get` is `get` of the WIT interface
 * `state`. The SDK declares them without decorators, which formatters and linters refuse on functions.
 *
 * @module
 */
import * as asc from "assemblyscript";
import type { World } from "./world.ts";

/** Gives every declared function of the file the import that its name says. */
export function nameImports(source: asc.Source, world: World): void {
  for (const statement of source.statements) {
    if (!(statement instanceof asc.FunctionDeclaration)) continue;
    if (!statement.is(asc.CommonFlags.Ambient)) continue;
    const [group = "", ...words] = statement.name.text.split("_");
    const module = world.modules.get(group);
    if (module === undefined) throw new Error(`the world has no interface '${group}'`);
    const { range } = statement.name;
    const text = (value: string): asc.Expression =>
      asc.Node.createStringLiteralExpression(value, range);
    const decorator = asc.Node.createDecorator(
      asc.Node.createIdentifierExpression("external", range),
      [text(module), text(words.join("-"))],
      range,
    );
    statement.decorators = [decorator];
  }
}
