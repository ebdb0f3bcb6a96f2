/**
 * The compiler's messages, for which there is something better to say than what it says.
 *
 * @module
 */
import { absentNames } from "./absent-names.ts";
import { offeredNames } from "./offered-names.ts";
import type { ProblemCode } from "./problem.ts";

interface Rule {
  readonly pattern: RegExp;
  /** What the author has written there. */
  readonly written?: RegExp;
  readonly code: ProblemCode;
}

const rules: readonly Rule[] = [
  { pattern: /^Not implemented: Closures/, code: "HRM3306" },
  { pattern: /^Not implemented: Exceptions/, code: "HRM3307" },
  { pattern: /^Not implemented: union types/i, code: "HRM3308" },
  { pattern: /^Not implemented: Spread operator/, code: "HRM3309" },
  { pattern: /^Not implemented: Regular expressions/, code: "HRM3310" },
  { pattern: /^Not implemented: Tagged template literals/, code: "HRM3326" },
  { pattern: /^Not implemented: Const assertion/, code: "HRM3331" },
  { pattern: /^Not implemented: 'in' operator/, code: "HRM3334" },
  {
    pattern: /^Property '(keys|entries|values)' does not exist on type '.*Object'/,
    code: "HRM3334",
  },
  {
    pattern: /^Property '(match|matchAll|search)' does not exist on type '.*String'/,
    code: "HRM3310",
  },
  { pattern: /^Property 'forEach' does not exist on type '~lib\/(map|set)\//, code: "HRM3311" },
  { pattern: /^Function implementation is missing/, code: "HRM3335" },
  {
    pattern: /^Operator '.*' cannot be applied to types '[iuf]\d+' and '[iuf]\d+'/,
    code: "HRM3314",
  },
  {
    pattern: /^Operator '\+' cannot be applied to types '([iuf]\d+|bool)' and '.*String'/,
    code: "HRM3326",
  },
  // What a counted loop lacks, said of a whole `for … of`.
  { pattern: /^Property 'length' does not exist/, written: /^for\b/, code: "HRM3311" },
  { pattern: /^Index signature is missing/, written: /^for\b/, code: "HRM3311" },
  { pattern: /cannot be nullable\.$/, code: "HRM3312" },
  { pattern: /^Type '(.*) \| null' is not assignable to type '\1'/, code: "HRM3313" },
  { pattern: /^Object is possibly 'null'/, code: "HRM3313" },
  { pattern: /requires an explicit cast\.$/, code: "HRM3314" },
  { pattern: /^Type '<object>' is not assignable/, code: "HRM3315" },
  { pattern: /^Type argument expected\.$/, code: "HRM3322" },
  { pattern: /^Type expected\.$/, written: /^[[{]/, code: "HRM3315" },
  { pattern: /^Type expected\.$/, code: "HRM3104" },
  {
    pattern: /^Type '[iuf](8|16|32|64)' is not assignable to type '(.*\/)?u(128|256)\b/,
    code: "HRM3325",
  },
  {
    pattern: /^Type '[iuf](8|16|32|64)' is not assignable to type '~lib\/string\/String\b/,
    code: "HRM3326",
  },
  {
    pattern:
      /^(Index signature is missing in|Property '.*' does not exist on) type '~lib\/hermetic\/.*\/(Mapping|IndexedMap|KeySet|List)</,
    code: "HRM3327",
  },
  // `this` in a function of its own.
  { pattern: /^Property '.*' does not exist on type '[^']*#/, code: "HRM3306" },
  { pattern: /^Expected 1 arguments/, written: /^new Date\(/, code: "HRM3317" },
  {
    pattern: new RegExp(`^Cannot find name '(${Object.keys(absentNames).join("|")})'`),
    code: "HRM3007",
  },
  { pattern: /^File '.*' not found\.$/, code: "HRM3002" },
  { pattern: /emit\(\) takes an instance of an @event class/, code: "HRM3205" },
  { pattern: /this type cannot cross the contract's boundary/, code: "HRM3202" },
  { pattern: /this type cannot be a key/, code: "HRM3208" },
  { pattern: /within\(\) is for keys of a @data class/, code: "HRM3217" },
  { pattern: /(contracts\.at|schedule\.call)\(\) takes the class of a contract/, code: "HRM3401" },
  { pattern: /^Property '.*' does not exist on type '.*__(Remote|Planned)\d+.*'/, code: "HRM3402" },
  { pattern: /^Type '.*__(Remote|Planned)\d+.*' is not assignable to type/, code: "HRM3404" },
];

/** Our rule behind a message of the compiler about what is written there, if there is one. */
export function ruleOf(message: string, written: string): ProblemCode | undefined {
  return rules.find((rule) => rule.pattern.test(message) && (rule.written?.test(written) ?? true))
    ?.code;
}

/** A message in the words of the author: imports as they were written, types without the files they are in. */
export function reword(message: string): string {
  const unknown = /^Cannot find name '(\w+)'\.$/.exec(message)?.[1];
  if (unknown !== undefined && offeredNames.includes(unknown)) {
    return `'${unknown}' is not imported: import { ${unknown} } from "hermetic/contract"`;
  }
  return message
    .replace(/^Cannot find name '(\w+)'\.$/, (said, name: string) => {
      const instead = Object.hasOwn(absentNames, name) ? absentNames[name] : undefined;
      return instead === undefined ? said : `there is no '${name}' for contracts: ${instead}`;
    })
    .replace(/^File '(?:~lib\/)?(.*)\.ts' not found\.$/, "there is no '$1' to import")
    .replace(
      /^Property '(.*)' does not exist on type '[^<']*#.*$/,
      "'this.$1' cannot be used in a function",
    )
    .replace(/^User-defined: "(.*)"$/, "$1")
    .replace(/(?:~lib\/)?(?:[\w@.-]+\/)+(?=[\p{L}_$])/gu, "")
    .replace(/'String'|\bString(?=[,>\] ])/g, (name) => name.replace("String", "string"));
}
