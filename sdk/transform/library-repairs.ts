/**
 * Repairs of the compiler's standard library and of the wide integers: what is wrong in them and matters to contracts.
 *
 * Each names the text that it replaces. A release in which that text has changed does
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

const BIGNUM = "@btc-vision/as-bignum/assembly/integer";

/** `++x` and `--x` change the number in place: also where it was copied from, be that the state of the contract. */
function steppingCopies(type: "u128" | "u256", quote: string, open: string): Repair[] {
  return [
    { sign: "++", method: "preInc" },
    { sign: "--", method: "preDec" },
  ].map(({ sign, method }) => ({
    file: `${BIGNUM}/${type}`,
    wrong: `@operator.prefix(${quote}${sign}${quote})\n  ${open}${method}(): this {`,
    right: `@operator.prefix("${sign}")
  ${method}OfCopy(): ${type} {
    return this.clone().${method}();
  }

  ${open}${method}(): this {`,
  }));
}

const repairs: readonly Repair[] = [
  ...steppingCopies("u128", "'", ""),
  ...steppingCopies("u256", '"', "public "),
  {
    // It has every operator of integers but this one.
    file: `${BIGNUM}/u256`,
    wrong: "  @inline @operator('*')\n",
    right: `  @operator("%")
  static rem(a: u256, b: u256): u256 {
    return u256.sub(a, u256.mul(u256.div(a, b), b));
  }

  @inline @operator('*')
`,
  },
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

/** The text of a file of a library, which has this path without extension, as contracts are compiled with it. */
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
