/**
 * Gives the SDK's host functions their import names: `state_get` is `get` of the WIT interface
 * `state`. The SDK declares them without decorators, which formatters and linters refuse on functions.
 *
 * @module
 */
import * as asc from "assemblyscript";

/** @param world - Package and version of the WIT world, as in `hermetic:contract@0.1.0`. */
export function nameImports(source: asc.Source, world: string): void {
  const [name, version] = world.split("@");
  for (const statement of source.statements) {
    if (!(statement instanceof asc.FunctionDeclaration)) continue;
    if (!statement.is(asc.CommonFlags.Ambient)) continue;
    const [group = "", ...words] = statement.name.text.split("_");
    const { range } = statement.name;
    const text = (value: string): asc.Expression =>
      asc.Node.createStringLiteralExpression(value, range);
    const decorator = asc.Node.createDecorator(
      asc.Node.createIdentifierExpression("external", range),
      [text(`${name}/${group}@${version}`), text(words.join("-"))],
      range,
    );
    statement.decorators = [decorator];
  }
}
