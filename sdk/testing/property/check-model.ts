/**
 * `checkModel`: random calls on a contract, with a model beside it; what fails is made as short as can be.
 *
 * Every run has a fresh world from one seed, so that a list of calls that fails does so again.
 *
 * @module
 */
import type fastCheck from "fast-check";
import type { Abi } from "#protocol/abi.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import {
  arbitraries,
  commandsOf,
  type Arbitrary,
  type FastCheck,
} from "#sdk/testing/property/arbitraries.ts";
import type { Step } from "#sdk/testing/property/code.ts";
import type { ModelTest } from "#sdk/testing/property/model.ts";
import {
  MODEL_SEED,
  RunFailure,
  rulesOf,
  runSteps,
  type AnyTest,
} from "#sdk/testing/property/run.ts";

const CALLERS: readonly string[] = ["owner", "ann", "bob"];
const CALLS_MAX = 20;
const RUNS = 100;

/** What fast-check is told: how often, from which seed, along which path. */
export type ModelParameters = Pick<fastCheck.Parameters<unknown>, "numRuns" | "seed" | "path"> & {
  /** Milliseconds after which no further run begins. */
  readonly interruptAfterTimeLimit?: number;
};

/**
 * Calls commands in random order with random arguments, and compares.
 *
 * @param fc - What `import fc from "fast-check"` gives.
 * @param contract - The contract that `setUp` deploys: its ABI says what can be called.
 * @throws {@link RunFailure} with the shortest list of calls that was found, as code.
 */
export async function checkModel<const A extends Abi, M>(
  fc: FastCheck,
  contract: { readonly abi: A },
  test: ModelTest<A, M>,
  parameters: ModelParameters = {},
): Promise<void> {
  const { callers = CALLERS, maxCalls = CALLS_MAX } = test;
  const anyTest = test as unknown as AnyTest;
  const step = stepOf(fc, contract.abi, anyTest, callers);
  const steps = fc.array(step, { maxLength: maxCalls });
  let last: RunFailure | undefined;
  const property = fc.asyncProperty(steps, async (list) => {
    try {
      await runSteps(anyTest, list, callers);
    } catch (error) {
      if (error instanceof RunFailure) last = error;
      throw error;
    }
  });
  const details = await fc.check(property, { numRuns: RUNS, ...parameters });
  if (!details.failed) return;
  const { errorInstance, seed, counterexamplePath: path, numRuns, numShrinks } = details;
  // Nothing but a run's own failure is a finding: mistakes in the test are shown as they are.
  if (!(errorInstance instanceof RunFailure) || last === undefined) throw errorInstance;
  throw told(
    last,
    `after ${numRuns} runs and ${numShrinks} shrinks, { seed: ${seed}, path: "${path}" }`,
  );
}

/** The failure with all that is needed to see it again. */
function told({ lines, message, cause }: RunFailure, found: string): RunFailure {
  const code = [
    `const world = await createWorld({ seed: ${JSON.stringify(MODEL_SEED)} });`,
    "const contract = await setUp(world);",
    ...lines,
    ...message.split("\n").map((line) => `// ${line}`),
  ];
  return new RunFailure(lines, `${message}\n${found}\n\n${code.join("\n")}\n`, cause);
}

function stepOf(
  fc: FastCheck,
  abi: Abi,
  test: AnyTest,
  callers: readonly string[],
): Arbitrary<Step> {
  const any = arbitraries(fc, { abi }, { callers });
  const rules = rulesOf(test);
  const { advance } = test;
  const methods = commandsOf(abi).filter(({ name }) => rules === undefined || name in rules);
  const unknown = Object.keys(rules ?? {}).find(
    (name) => !methods.some((each) => each.name === name),
  );
  if (unknown !== undefined || methods.length === 0) {
    throw kitError("NO_ARBITRARY", `${abi.contract}.${unknown ?? "commands"}`);
  }
  const calls = methods.map(({ name }) =>
    fc.record({
      kind: fc.constant("call" as const),
      caller: fc.constantFrom(...callers),
      method: fc.constant(name),
      args: rules?.[name]?.args?.(any) ?? any.args(name),
    }),
  );
  const waits =
    advance === undefined
      ? []
      : [fc.record({ kind: fc.constant("advance" as const), seconds: advance })];
  return fc.oneof(...calls, ...waits);
}
