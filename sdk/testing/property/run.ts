/**
 * One run of a model-based test: a list of steps in a fresh world, with the model beside it.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import { ContractError } from "#sdk/client/errors/contract-error.ts";
import { accountOf } from "#sdk/testing/callers.ts";
import { createWorld } from "#sdk/testing/create-world.ts";
import { namesOf, settle, type CallFailure, type Settled } from "#sdk/testing/matchers/received.ts";
import type { Arbitraries, Arbitrary } from "#sdk/testing/property/arbitraries.ts";
import { stepCode, valueCode, type Step } from "#sdk/testing/property/code.ts";
import { equalValues } from "#sdk/testing/property/equal-values.ts";
import type { Ending, ModelTest, Moment } from "#sdk/testing/property/model.ts";

export const MODEL_SEED = "model";

/** Says what is wrong with the last of some steps. */
export class RunFailure extends Error {
  /** The steps as code, the last one being where it went wrong. */
  readonly lines: readonly string[];

  constructor(lines: readonly string[], problem: string, cause?: unknown) {
    super(problem, { cause });
    this.lines = lines;
  }
}

/** Tests are typed for their authors; a run sees them all alike. */
export type AnyTest = ModelTest<Abi, unknown>;
type AnyMoment = Moment<Abi, unknown>;
export interface AnyRule {
  readonly args?: (any: Arbitraries) => Arbitrary<unknown>;
  readonly expect?: (call: AnyCall) => Ending | undefined | void;
}
interface AnyCall extends AnyMoment {
  readonly caller: string;
  readonly account: string;
  readonly args: unknown;
}
export function rulesOf({ commands }: AnyTest): Readonly<Record<string, AnyRule>> | undefined {
  return commands;
}

/** @throws {@link RunFailure} if a call ends in another way than it should, or an invariant does not hold. */
export async function runSteps(
  test: AnyTest,
  steps: readonly Step[],
  callers: readonly string[],
): Promise<void> {
  const world = await createWorld({ seed: MODEL_SEED, ...test.world });
  const contract = await test.setUp(world);
  const moment: AnyMoment = { world, contract, model: test.model(world) };
  const lines: string[] = [];
  await checkInvariants(test, moment, lines);
  for (const step of steps) {
    const code = stepCode(step, callers);
    if (step.kind === "advance") {
      world.time.advance({ seconds: step.seconds });
      lines.push(code);
    } else {
      lines.push(await makeCall(test, moment, step, code, lines));
    }
    await checkInvariants(test, moment, lines);
  }
}

/** @returns The call as code, with how it ended. */
async function makeCall(
  test: AnyTest,
  moment: AnyMoment,
  { caller, method, args }: Extract<Step, { kind: "call" }>,
  code: string,
  before: readonly string[],
): Promise<string> {
  const rule = rulesOf(test)?.[method];
  const account = accountOf(caller);
  const ending = rule?.expect?.({ ...moment, caller, account, args }) ?? undefined;
  const { contract } = moment;
  const settled = await settle(contract.as(caller).command[method]?.(args));
  const line = settled.kind === "failed" ? failing(code, settled.error) : code;
  const problem = ending === undefined ? undefined : problemOf(ending, settled);
  if (problem === undefined) return line;
  const cause = settled.kind === "failed" ? settled.error : undefined;
  throw new RunFailure([...before, code], problem, cause);
}

/** So that the list still runs: what is expected to fail does not end the test. */
function failing(code: string, error: CallFailure): string {
  return `${code.replace(/;$/, "")}.catch(() => undefined); // ${nameOf(error)}`;
}

function problemOf(ending: Ending, settled: Settled): string | undefined {
  if ("fails" in ending) {
    const wanted = `it should have failed with ${ending.fails}`;
    if (settled.kind === "returned") return `${wanted}, but returned ${valueOf(settled)}`;
    const { error } = settled;
    if (!namesOf(error).includes(ending.fails)) return `${wanted}, but ${reasonOf(error)}`;
    const given = error instanceof ContractError ? error.args : error.facts;
    const isAsTold = Object.entries(ending.args ?? {}).every(([name, value]) =>
      equalValues(given[name], value),
    );
    if (isAsTold) return undefined;
    return `it should have failed with ${valueCode(ending.args, [])}, but it was ${valueCode(given, [])}`;
  }
  const wanted = `it should have returned ${valueCode(ending.returns, [])}`;
  if (settled.kind === "failed") return `${wanted}, but ${reasonOf(settled.error)}`;
  const { value } = settled.value as { readonly value: unknown };
  return equalValues(value, ending.returns)
    ? undefined
    : `${wanted}, but returned ${valueOf(settled)}`;
}

function valueOf(settled: Extract<Settled, { kind: "returned" }>): string {
  return valueCode((settled.value as { readonly value: unknown }).value, []);
}

function reasonOf(error: CallFailure): string {
  return `failed with ${nameOf(error)}: ${error.message}`;
}

function nameOf(error: CallFailure): string {
  return namesOf(error).at(-1) ?? error.message;
}

async function checkInvariants(
  { invariants = {} }: AnyTest,
  moment: AnyMoment,
  lines: readonly string[],
): Promise<void> {
  for (const [name, holds] of Object.entries(invariants)) {
    let problem = `it does not hold that ${name}`;
    let cause: unknown;
    try {
      if ((await holds(moment)) !== false) continue;
    } catch (error) {
      cause = error;
      problem += `: ${error instanceof Error ? error.message : String(error)}`;
    }
    throw new RunFailure(lines, problem, cause);
  }
}
