/**
 * Rows that are about many subjects, as a table: a line for each subject, a column for each name.
 *
 * @module
 */
import { valueOf, type Row } from "#test/bench/row.ts";

export interface Table {
  readonly columns: readonly string[];
  readonly lines: readonly (readonly [subject: string, ...values: string[]])[];
}

/** The table of all rows that have a subject; without lines if there are none. */
export function tableOf(rows: readonly Row[]): Table {
  const about = rows.filter(({ subject }) => subject !== undefined);
  const columns = [...new Set(about.map(({ name }) => name))];
  const subjects = [...new Set(about.map(({ subject }) => subject ?? ""))];
  const cell = (subject: string, column: string): string => {
    const row = about.find((each) => each.subject === subject && each.name === column);
    return row === undefined ? "" : valueOf(row);
  };
  return {
    columns,
    lines: subjects.map((subject) => [subject, ...columns.map((column) => cell(subject, column))]),
  };
}

export function formatTable({ columns, lines }: Table): string {
  const width = Math.max(0, ...lines.map(([subject]) => subject.length));
  const line = (subject: string, cells: readonly string[]): string =>
    [
      subject.padEnd(width),
      ...cells.map((cell, index) => cell.padStart(columns[index]?.length ?? 0)),
    ].join("  ");
  return [line("", columns), ...lines.map(([subject, ...cells]) => line(subject, cells))].join(
    "\n",
  );
}
