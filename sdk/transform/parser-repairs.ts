/**
 * A repair of the compiler's parser.
 *
 * Behind a name and `<` it tries to read type arguments, and goes back if there are none. A word such as `from` or
 * `get` behind a point then leaves an error, although all is well: `a < u128.from(5)`, `a < prices.get(key)`.
 *
 * @module
 */
import type { Parser } from "assemblyscript";

/** Lets a try of the parser that comes to nothing leave no error. */
export function repairParser(parser: Parser): void {
  const attempt = parser.tryParseTypeArgumentsBeforeArguments.bind(parser);
  parser.tryParseTypeArgumentsBeforeArguments = (tokenizer) => {
    const reported = parser.diagnostics.length;
    const found = attempt(tokenizer);
    if (found === null) parser.diagnostics.length = reported;
    return found;
  };
}
