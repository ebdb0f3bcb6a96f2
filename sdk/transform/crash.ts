/**
 * Finds the method at which the compiler itself fails.
 *
 * The compiler compiles what is reached from the contract's methods, so it is run again with some of
 * them emptied: the one that it fails on when it is the only one left is the one to look at.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { parseStatement } from "./ast.ts";
import type { ContractClass } from "./contract-class.ts";

/** Where the compiler fails, as far as it could be found out. */
export interface Culprit {
  readonly name: string;
  readonly range: asc.Range;
}

/** Runs the compiler with the bodies of some methods only; tells whether it failed. */
export type Attempt = (kept: ReadonlySet<number>) => Promise<boolean>;

/** The names and places of all methods with a body, in the order in which they are numbered. */
export function methodsOf({ parts }: ContractClass): Culprit[] {
  return bodies(parts.map(({ declaration }) => declaration)).map(({ name }) => ({
    name: name.text,
    range: name.range,
  }));
}

/** Empties every method but those kept; must run before anything is generated. */
export function keepBodies({ parts }: ContractClass, kept: ReadonlySet<number>): void {
  for (const [index, method] of bodies(parts.map(({ declaration }) => declaration)).entries()) {
    if (kept.has(index)) continue;
    method.body = parseStatement("{ while (true) unreachable(); }", method.range);
  }
}

function bodies(declarations: readonly asc.ClassDeclaration[]): asc.MethodDeclaration[] {
  const members = declarations.flatMap((declaration) => declaration.members);
  return members.filter(
    (member) => member instanceof asc.MethodDeclaration && member.body !== null,
  ) as asc.MethodDeclaration[]; // the filter says so
}

/**
 * The number of a method that the compiler fails on alone, by halves.
 *
 * @param count - Methods in all.
 * @returns Nothing if it fails without any of them, or on none alone.
 */
export async function bisect(count: number, attempt: Attempt): Promise<number | undefined> {
  const fails = async (from: number, to: number): Promise<boolean> => {
    const kept = Array.from({ length: to - from }, (_, index) => from + index);
    return await attempt(new Set(kept));
  };
  if (count === 0 || (await fails(0, 0))) return undefined;
  let [from, to] = [0, count];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (await fails(from, middle)) to = middle;
    else if (await fails(middle, to)) from = middle;
    else return undefined;
  }
  return (await fails(from, to)) ? from : undefined;
}
