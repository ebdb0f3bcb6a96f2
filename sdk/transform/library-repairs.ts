/**
 * Repairs of the compiler's standard library: what is wrong in it and matters to contracts.
 *
 * Each names the text that it replaces. A release of the compiler in which that text has changed does
 * not build contracts until somebody has looked.
 *
 * @module
 */

interface Repair {
  /** Name of the library file, without extension. */
  readonly file: string;
  readonly wrong: string;
  readonly right: string;
}

const repairs: readonly Repair[] = [
  {
    // `parseFloat` takes powers of ten off the exponent for a fast path, and then leaves that path
    // when there are more digits than a float holds: 12345678901234567e30 came out as …e22.
    file: "util/string",
    wrong: "if (exp > 22 && exp <= 22 + 15) {",
    right: `if (
    exp > 22 && exp <= 22 + 15 && significand <= 9007199254740991 &&
    significandf * pow10(exp - 22) <= 9007199254740991
  ) {`,
  },
];

/** The text of a library file as contracts are compiled with it. */
export function repaired(file: string, text: string): string {
  return repairs
    .filter((repair) => repair.file === file)
    .reduce((changed, { wrong, right }) => {
      const [before, after, ...more] = changed.split(wrong);
      if (before === undefined || after === undefined || more.length > 0) {
        throw new Error(`the repair of ${file} does not fit this release of the compiler`);
      }
      return `${before}${right}${after}`;
    }, text);
}
