/**
 * Tables for people: columns of texts to the left, of numbers to the right.
 *
 * @module
 */

/** A row of cells; numbers are grouped by thousands. */
export type Row = readonly (string | number)[];

/** `1234567` as `1,234,567`, in every locale. */
export function grouped(value: number): string {
  return String(value).replaceAll(/(?<=\d)(?=(\d{3})+$)/g, ",");
}

/** The lines of a table; a column is one of numbers if the first row has a number there. */
export function tableLines(head: readonly string[], rows: readonly Row[]): string[] {
  const isNumber = head.map((_, column) => typeof rows[0]?.[column] === "number");
  const cells = rows.map((row) => row.map((c) => (typeof c === "number" ? grouped(c) : c)));
  const widths = head.map((name, column) =>
    Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...cells].map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumber[column] === true ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
