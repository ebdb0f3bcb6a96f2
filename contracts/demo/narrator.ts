/**
 * Tells what is going on: one line a step, coloured on a terminal only.
 *
 * @module
 */
import { styleText } from "node:util";

export class Narrator {
  #step = 0;

  #style(format: Parameters<typeof styleText>[0], text: string): string {
    return styleText(format, text, { stream: process.stdout });
  }

  /** Begins a step. */
  step(text: string): void {
    this.#step += 1;
    console.log(`${this.#style("cyan", String(this.#step).padStart(2))}  ${text}`);
  }

  /** Adds to the step: something that was seen. */
  note(text: string): void {
    console.log(`    ${this.#style("dim", text)}`);
  }

  heading(text: string): void {
    console.log(`\n${this.#style("bold", text)}\n`);
  }

  good(text: string): void {
    console.log(`    ${this.#style("green", "✓")} ${text}`);
  }

  bad(text: string): void {
    console.log(`    ${this.#style("red", "✗")} ${text}`);
  }

  /** A table with a line under its head. */
  table(rows: readonly (readonly string[])[]): void {
    const widths = (rows[0] ?? []).map((_, column) =>
      Math.max(...rows.map((row) => row[column]?.length ?? 0)),
    );
    for (const [index, row] of rows.entries()) {
      const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
      console.log(
        `    ${index === 0 ? this.#style("bold", cells.join("   ")) : cells.join("   ")}`,
      );
      if (index === 0) console.log(`    ${widths.map((width) => "─".repeat(width)).join("───")}`);
    }
  }
}
