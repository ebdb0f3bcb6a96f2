/**
 * What a planted violation is, and the refusals that more than one of them expects.
 *
 * @module
 */
import type { Rule } from "#test/tidy/rules.ts";

export interface Plant {
  readonly name: string;
  /** Where it is planted; every plant has a file of its own, so that each failure has one cause. */
  readonly path: string;
  readonly code: string;
  /** The compiler's code that must be reported for the file. */
  readonly tsc?: RegExp;
  /** The lint rule that must be reported for the file. */
  readonly lint?: RegExp;
  /** The tidy rule that must find a problem in the file. */
  readonly tidy?: Rule;
}

/** The compiler: the file belongs to a project that is not referenced. */
export const NOT_REFERENCED: RegExp = /TS6307/;
/** The compiler: there is no such name, module or property here. */
export const NOT_FOUND: RegExp = /TS(2304|2591|2584|2580|2552|2307|2339)/;
export const IMPORTS: RegExp = /no-restricted-imports/;
export const GLOBALS: RegExp = /no-restricted-globals/;

const header = (what: string): string => `/**\n * ${what}.\n *\n * @module\n */\n`;

export function plant(name: string, path: string, code: string, by: Partial<Plant>): Plant {
  return { name, path, code: `${header(name)}${code}\n`, ...by };
}
