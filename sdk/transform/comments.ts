/**
 * Doc comments. The syntax tree drops them; the parser offers them only while it reads.
 *
 * @module
 */
import * as asc from "assemblyscript";

interface Comment {
  readonly source: asc.Source;
  readonly end: number;
  readonly text: string;
}

export class Comments {
  readonly #comments: Comment[] = [];

  /** Listens to a parser; only doc comments are kept. */
  listen(parser: asc.Parser): void {
    parser.onComment = (_kind, text, range) => {
      if (text.startsWith("/**"))
        this.#comments.push({ source: range.source, end: range.end, text });
    };
  }

  /** The text of the doc comment right before a declaration or a parameter, and its decorators. */
  of(node: asc.Node): string | undefined {
    const { source } = node.range;
    const decorators = node instanceof asc.DeclarationStatement ? (node.decorators ?? []) : [];
    const starts = [node.range.start, ...decorators.map(({ range }) => range.start)];
    const start = Math.min(...starts);
    const comment = this.#comments.findLast((each) => each.source === source && each.end <= start);
    // Between the comment and the declaration there may be only blanks, `@` and modifiers.
    const between = comment && source.text.substring(comment.end, start);
    if (!comment || !/^[\s@]*((export|public|private|protected|readonly)\s+)*$/.test(between ?? ""))
      return undefined;
    return comment.text
      .slice(3, -2)
      .split(/\r?\n/)
      .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
      .join("\n")
      .trim();
  }
}
