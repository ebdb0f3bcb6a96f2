/**
 * Collects problems while the rest of the contract is still read, so that one build names them all.
 *
 * @module
 */
import type * as asc from "assemblyscript";
import type { Problem, ProblemCode } from "./problem.ts";

export type Report = (code: ProblemCode, at: asc.Node | null, message: string) => void;

export function reportTo(problems: Problem[]): Report {
  return (code, at, message) => {
    problems.push({ code, message, range: at?.range ?? null });
  };
}
