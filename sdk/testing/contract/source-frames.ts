/**
 * From a place in the code to the lines of the functions that were under way there.
 *
 * The optimiser has put functions into each other, so one function of the module can be several of the
 * author's. The nearest line before the place tells the innermost; the lines before that, which of them
 * called it. Code that the build has made has no line of its own in any function, and is passed over.
 *
 * @module
 */
import { functionAt, positionsBefore, type SourceMap } from "#sdk/testing/contract/source-map.ts";
import type { FunctionSpan, Point } from "#sdk/transform/function-span.ts";

export interface SourceFrame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Functions of the author's that were under way at an offset in the module, innermost first. */
export function sourceFrames(map: SourceMap, offset: number): SourceFrame[] {
  const { start, name } = functionAt(map, offset);
  const frames: SourceFrame[] = [];
  let inner: FunctionSpan | undefined;
  let outer: SourceFrame | undefined;
  for (const { file, line, column } of positionsBefore(map, offset, start)) {
    const span = spanAt(map.spans, file, [line, column]);
    if (span === undefined) continue;
    const frame = { name: span.name, file, line, column };
    if (span.name === name) outer ??= frame;
    if (inner === undefined) frames.push(frame);
    else {
      const call = span === inner ? undefined : callOf(inner, span, line);
      if (call === undefined) continue;
      frames.push({ ...frame, line: call[1], column: call[2] });
    }
    if (span.name === name) return frames;
    inner = span;
  }
  const own = map.spans.find((span) => span.name === name);
  if (frames.length === 0 && own !== undefined) {
    const [line, column] = own.from;
    return [{ name: own.name, file: own.file, line, column }];
  }
  // It has called the last of them in a way that has no name, such as an operator.
  return outer === undefined ? frames : [...frames, outer];
}

/** The call of a function that stands nearest to a line of another, if that makes one. */
function callOf(
  { name }: FunctionSpan,
  { calls }: FunctionSpan,
  line: number,
): FunctionSpan["calls"][number] | undefined {
  const own = name.slice(name.lastIndexOf(".") + 1);
  const made = calls.filter(([called]) => called === own);
  // What comes before a call is on its line, or on one above.
  return made.find(([, at]) => at >= line) ?? made.at(-1);
}

/** The innermost function around a point. */
function spanAt(
  spans: readonly FunctionSpan[],
  file: string,
  point: Point,
): FunctionSpan | undefined {
  return spans.findLast(
    (span) => span.file === file && !isBefore(point, span.from) && !isBefore(span.to, point),
  );
}

function isBefore([line, column]: Point, [otherLine, otherColumn]: Point): boolean {
  return line < otherLine || (line === otherLine && column < otherColumn);
}
